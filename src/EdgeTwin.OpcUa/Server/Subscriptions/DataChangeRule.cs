using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>When a new value is a change (OPC 10000-4 §7.22.2): the trigger, and a deadband in the value's unit; a
/// percentage was turned into one by the range.</summary>
/// <param name="Trigger">What is compared.</param>
/// <param name="Deadband">A number must move by more than this; 0 reports every difference.</param>
internal sealed record DataChangeRule(DataChangeTrigger Trigger, double Deadband)
{
    /// <summary>What holds without a filter: a change of status or value.</summary>
    public static DataChangeRule Default { get; } = new(DataChangeTrigger.StatusValue, 0);

    /// <summary>True when <paramref name="next"/> is to be reported after <paramref name="last"/>, the one reported
    /// before.</summary>
    public bool IsChange(in DataValue last, in DataValue next)
    {
        // A change of the status passes every deadband.
        if (last.Status != next.Status)
        {
            return true;
        }

        if (Trigger == DataChangeTrigger.Status)
        {
            return false;
        }

        if (Deadband > 0)
        {
            // With a deadband the timestamp triggers nothing (§7.22.2: then STATUS_VALUE_TIMESTAMP is STATUS_VALUE).
            return Exceeds(last.Value, next.Value);
        }

        return !last.Value.ValueEquals(next.Value)
            || (Trigger == DataChangeTrigger.StatusValueTimestamp && (last.SourceTimestamp != next.SourceTimestamp
                || last.SourcePicoseconds != next.SourcePicoseconds));
    }

    private bool Exceeds(in Variant last, in Variant next)
    {
        if (last.TryToDouble(out var from) && next.TryToDouble(out var to))
        {
            return last.Type != next.Type || Exceeds(from, to);
        }

        return last.Elements is { } old && next.Elements is { } elements && last.Type == next.Type
            ? ExceedsAny(old, elements)
            : !last.ValueEquals(next);
    }

    // Strictly more. NaN is a change unless it was NaN before.
    private bool Exceeds(double from, double to)
    {
        if (double.IsNaN(from) || double.IsNaN(to))
        {
            return double.IsNaN(from) != double.IsNaN(to);
        }

        return from != to && Math.Abs(to - from) > Deadband;
    }

    // Any element decides for the whole array (§7.22.2), and so does another length.
    private bool ExceedsAny(Array last, Array next) => last.Length != next.Length || (last, next) switch
    {
        (double[] a, double[] b) => ExceedsAny(a, b),
        (float[] a, float[] b) => ExceedsAny(a, b),
        _ => ExceedsAnyBoxed(last, next),
    };

    private bool ExceedsAny(double[] last, double[] next)
    {
        for (var i = 0; i < last.Length; i++)
        {
            if (Exceeds(last[i], next[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool ExceedsAny(float[] last, float[] next)
    {
        for (var i = 0; i < last.Length; i++)
        {
            if (Exceeds(last[i], next[i]))
            {
                return true;
            }
        }

        return false;
    }

    private bool ExceedsAnyBoxed(Array last, Array next)
    {
        for (var i = 0; i < last.Length; i++)
        {
            var (from, to) = (last.GetValue(i), next.GetValue(i));
            if (from is IConvertible a and not string && to is IConvertible b and not string
                ? Exceeds(a.ToDouble(null), b.ToDouble(null))
                : !Equals(from, to))
            {
                return true;
            }
        }

        return false;
    }
}
