using System.Diagnostics.CodeAnalysis;
using EdgeTwin.Alarms;
using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>The whole twin at one moment, between two batches. Immutable; any reader may keep it.</summary>
/// <param name="Time">The moment, UTC.</param>
/// <param name="Tags">By <see cref="TagId.Index"/>.</param>
/// <param name="Alarms">In the order of the configuration.</param>
/// <param name="Counters">What went through so far.</param>
internal sealed record TwinSnapshot(
    DateTime Time, IReadOnlyList<TagSnapshot> Tags, IReadOnlyList<AlarmSnapshot> Alarms, TwinCounters Counters)
{
    public TagSnapshot this[TagId id] => Tags[id.Index];

    /// <summary>Finds a tag by name; looks at all of them.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out TagSnapshot? tag)
    {
        tag = Tags.FirstOrDefault(candidate => candidate.Definition.Name == name);
        return tag is not null;
    }
}
