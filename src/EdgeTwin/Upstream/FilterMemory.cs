using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>What was sent last of each tag, for deadband and interval.</summary>
internal sealed class FilterMemory
{
    private Last[] last = [];
    private int round = 1;

    /// <summary>Forgets everything: what was sent before is not what comes before now.</summary>
    public void Clear() => round++;

    /// <summary>Whether a sample goes by its tag's rule; it is remembered then.</summary>
    public bool Passes(in Sample sample, TagRule rule)
    {
        ref var before = ref Of(sample.Tag);
        if (before.Round == round && before.Status == sample.Status && !Goes(sample, before, rule)) return false;
        before = new Last(round, sample.Value, sample.Status, sample.ReceiveTime.Ticks);
        return true;
    }

    /// <summary>Whether a sample differs from the one of its tag before it; it is remembered then.</summary>
    public bool IsChange(in Sample sample)
    {
        ref var before = ref Of(sample.Tag);
        if (before.Round == round && before.Status == sample.Status && before.Value == sample.Value) return false;
        before = new Last(round, sample.Value, sample.Status, sample.ReceiveTime.Ticks);
        return true;
    }

    private ref Last Of(TagId tag)
    {
        if (tag.Index >= last.Length) Array.Resize(ref last, (tag.Index + 1) * 2);
        return ref last[tag.Index];
    }

    private static bool Goes(in Sample sample, in Last before, TagRule rule)
    {
        var elapsed = sample.ReceiveTime.Ticks - before.Ticks;
        if (elapsed < 0) return true; // the clock was set back
        if (elapsed < rule.Interval) return false;
        if (rule.Deadband == 0 || elapsed >= rule.Heartbeat) return true;
        var change = Math.Abs(sample.Value.AsDouble() - before.Value.AsDouble());
        return double.IsNaN(change) ? sample.Value != before.Value : change > rule.Deadband;
    }

    private readonly record struct Last(int Round, TagValue Value, StatusCode Status, long Ticks);
}
