using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>
/// Decides which samples are kept, by each tag's <see cref="RecordPolicy"/>. By exception, a sample is kept when its
/// status differs from that of the last one kept, when its value does by more than the deadband, when the heartbeat has
/// run out, or when it is late: nothing newer tells what it says.
/// </summary>
internal sealed class Recorder
{
    private readonly Rule[] rules;
    private readonly Kept[] last;

    public Recorder(IReadOnlyList<TagDefinition> tags)
    {
        rules = [.. tags.Select(tag => new Rule(tag.Record == RecordPolicy.All, tag.Deadband, tag.Heartbeat.Ticks))];
        last = new Kept[tags.Count];
        // A tag that was never heard of is known to wait; saying so again tells nothing.
        Array.Fill(last, new Kept(TagValue.None, double.NaN, StatusCode.BadWaitingForInitialData, 0));
    }

    /// <summary>The samples to be kept, in order.</summary>
    public SampleBuffer Recorded { get; } = new();

    public long Count { get; private set; }

    /// <param name="sample">The sample as the twin judged it.</param>
    /// <param name="number">Its value as a number, NaN where it has none.</param>
    /// <param name="isLate">It is older than the state of its tag.</param>
    public void Offer(in Sample sample, double number, bool isLate)
    {
        ref readonly var rule = ref rules[sample.Tag.Index];
        ref var kept = ref last[sample.Tag.Index];
        if (!rule.KeepsAll && !isLate && !Differs(in sample, number, in rule, in kept)) return;
        if (!isLate) kept = new Kept(sample.Value, number, sample.Status, sample.SourceTime.Ticks);
        Recorded.Add(in sample);
        Count++;
    }

    private static bool Differs(in Sample sample, double number, in Rule rule, in Kept kept)
    {
        if (sample.Status != kept.Status) return true;
        if (rule.Deadband > 0 && !double.IsNaN(number) && !double.IsNaN(kept.Number)
                ? Math.Abs(number - kept.Number) > rule.Deadband
                : sample.Value != kept.Value)
            return true;
        // A clock that was set back counts as a run-out heartbeat.
        var elapsed = sample.SourceTime.Ticks - kept.SourceTicks;
        return (elapsed >= rule.HeartbeatTicks || elapsed < 0) && kept.SourceTicks != 0;
    }

    private readonly record struct Rule(bool KeepsAll, double Deadband, long HeartbeatTicks);

    private readonly record struct Kept(TagValue Value, double Number, StatusCode Status, long SourceTicks);
}
