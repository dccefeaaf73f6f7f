using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>What is remembered of a server from one connection to the next: when the last value of each tag was
/// true.</summary>
internal sealed class OpcUaMemory
{
    private readonly Dictionary<TagId, DateTime> newest = [];
    private readonly Dictionary<TagId, DateTime> filled = [];

    public void Heard(in Sample sample)
    {
        if (!sample.Status.IsBad) newest[sample.Tag] = sample.SourceTime;
    }

    /// <summary>A value came from the history.</summary>
    public void Filled(in Sample sample)
    {
        Heard(in sample);
        if (!sample.Status.IsBad) filled[sample.Tag] = sample.SourceTime;
    }

    /// <summary>Whether the history had a value that now comes from the subscription too: the new subscription began
    /// before the history was read to its end.</summary>
    public bool IsRepeat(in Sample sample)
    {
        if (sample.Status.IsBad || !filled.TryGetValue(sample.Tag, out var until)) return false;
        if (sample.SourceTime <= until) return true;
        filled.Remove(sample.Tag);
        return false;
    }

    /// <summary>Source time of the newest value of a tag; null when there was none.</summary>
    public DateTime? NewestOf(TagId tag) => newest.TryGetValue(tag, out var at) ? at : null;
}
