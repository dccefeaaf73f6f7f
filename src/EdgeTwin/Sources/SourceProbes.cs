using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>Takes the twin's question about a silent tag to the runner that reads the tag.</summary>
internal sealed class SourceProbes : ILivenessProbe
{
    private readonly Dictionary<TagId, SourceRunner> runners = [];

    public SourceProbes(IEnumerable<SourceRunner> sources)
    {
        foreach (var runner in sources)
        {
            foreach (var tag in runner.Tags) runners.Add(tag.Definition.Id, runner);
        }
    }

    /// <inheritdoc/>
    public bool TryProbe(TagId tag) => runners.TryGetValue(tag, out var runner) && runner.TryProbe(tag);
}
