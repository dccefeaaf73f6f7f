using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>What is remembered of a server from one connection to the next: when the last value of each tag was
/// true.</summary>
internal sealed class OpcUaMemory
{
    private readonly Dictionary<TagId, DateTime> newest = [];

    public void Heard(in Sample sample)
    {
        if (!sample.Status.IsBad) newest[sample.Tag] = sample.SourceTime;
    }

    /// <summary>Source time of the newest value of a tag; null when there was none.</summary>
    public DateTime? NewestOf(TagId tag) => newest.TryGetValue(tag, out var at) ? at : null;
}
