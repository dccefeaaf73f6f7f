using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>When a value was true, when it was received, and how well the clock was known.</summary>
internal readonly record struct Instant(long SourceTicks, long ReceiveTicks, ClockState Clock) : IComparable<Instant>
{
    public static Instant Of(in Sample sample) => new(sample.SourceTime.Ticks, sample.ReceiveTime.Ticks, sample.Clock);

    public int CompareTo(Instant other)
    {
        var order = SourceTicks.CompareTo(other.SourceTicks);
        if (order == 0) order = ReceiveTicks.CompareTo(other.ReceiveTicks);
        return order == 0 ? Clock.CompareTo(other.Clock) : order;
    }

    public static bool operator <(Instant left, Instant right) => left.CompareTo(right) < 0;
    public static bool operator >(Instant left, Instant right) => left.CompareTo(right) > 0;
    public static bool operator <=(Instant left, Instant right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Instant left, Instant right) => left.CompareTo(right) >= 0;
}
