using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>
/// Takes the twin's question about a silent tag to the runner that reads the tag. The twin is there before its sources,
/// so they are added one by one before anything runs.
/// </summary>
internal sealed class SourceProbes : ILivenessProbe
{
    private readonly Dictionary<TagId, SourceRunner> runners = [];

    /// <summary>Makes a source answer for its tags.</summary>
    public void Add(SourceRunner runner)
    {
        foreach (var tag in runner.Tags) runners.Add(tag.Definition.Id, runner);
    }

    /// <inheritdoc/>
    public bool TryProbe(TagId tag) => runners.TryGetValue(tag, out var runner) && runner.TryProbe(tag);
}
