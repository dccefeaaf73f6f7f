using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// What is known of a stretch of one tag's samples without reading them. Numbers are those of samples that have a
/// numeric value and are not bad; time averages hold each value until the next sample.
/// </summary>
internal sealed class ChunkSummary
{
    public long Count { get; private set; }
    public long Good { get; private set; }
    public long Numeric { get; private set; }
    public long OldestTicks { get; private set; }
    public long NewestTicks { get; private set; }
    public double Min { get; private set; }
    public double Max { get; private set; }
    public double Sum { get; private set; }
    public double First { get; private set; }
    public double Last { get; private set; }

    /// <summary>Integral of the value over time, in the unit times ticks.</summary>
    public double Integral { get; private set; }

    /// <summary>Ticks over which <see cref="Integral"/> goes.</summary>
    public long CoveredTicks { get; private set; }

    /// <summary>The worst quality.</summary>
    public StatusCode Worst { get; private set; }

    /// <summary>Whether the newest sample has a number that holds until the next one.</summary>
    public bool LastHolds { get; private set; }

    /// <summary>The number that the newest sample holds.</summary>
    public double Held { get; private set; }

    /// <summary>Adds a sample that is not older than those before.</summary>
    public void Add(long ticks, StatusCode status, in TagValue value)
    {
        HoldUntil(ticks);
        if (Count == 0) OldestTicks = ticks;
        NewestTicks = ticks;
        Worst = Count == 0 ? status : StatusCode.Worse(Worst, status);
        Count++;
        if (status.IsGood) Good++;
        var number = status.IsBad ? double.NaN : value.AsDouble();
        LastHolds = !double.IsNaN(number);
        if (!LastHolds) return;
        Min = Numeric == 0 ? number : Math.Min(Min, number);
        Max = Numeric == 0 ? number : Math.Max(Max, number);
        if (Numeric == 0) First = number;
        Last = Held = number;
        Sum += number;
        Numeric++;
    }

    /// <summary>Adds a stretch that follows this one.</summary>
    public void Add(ChunkSummary next)
    {
        if (next.Count == 0) return;
        HoldUntil(next.OldestTicks);
        if (Count == 0) OldestTicks = next.OldestTicks;
        Worst = Count == 0 ? next.Worst : StatusCode.Worse(Worst, next.Worst);
        NewestTicks = next.NewestTicks;
        Count += next.Count;
        Good += next.Good;
        Integral += next.Integral;
        CoveredTicks += next.CoveredTicks;
        LastHolds = next.LastHolds;
        Held = next.Held;
        if (next.Numeric == 0) return;
        Min = Numeric == 0 ? next.Min : Math.Min(Min, next.Min);
        Max = Numeric == 0 ? next.Max : Math.Max(Max, next.Max);
        if (Numeric == 0) First = next.First;
        Last = next.Last;
        Sum += next.Sum;
        Numeric += next.Numeric;
    }

    /// <summary>The newest value holds until a time.</summary>
    public void HoldUntil(long ticks)
    {
        if (Count == 0 || ticks <= NewestTicks) return;
        if (LastHolds)
        {
            Integral += Held * (ticks - NewestTicks);
            CoveredTicks += ticks - NewestTicks;
        }

        NewestTicks = ticks;
    }

    /// <summary>A value from before holds between two times.</summary>
    public void Carry(double value, long fromTicks, long untilTicks)
    {
        Integral += value * (untilTicks - fromTicks);
        CoveredTicks += untilTicks - fromTicks;
    }

    public void Write(ByteWriter writer)
    {
        writer.Varint(Count);
        writer.Varint(Good);
        writer.Varint(Numeric);
        writer.Varint(OldestTicks);
        writer.Varint(NewestTicks - OldestTicks);
        writer.Varint((ulong)Worst.Code);
        writer.Byte(LastHolds ? (byte)1 : (byte)0);
        if (Numeric == 0) return;
        foreach (var number in (ReadOnlySpan<double>)[Min, Max, Sum, First, Last, Integral]) writer.Float64(number);
        writer.Varint(CoveredTicks);
    }

    public static ChunkSummary Read(ref ByteReader reader)
    {
        var summary = new ChunkSummary
        {
            Count = (long)reader.Varint(),
            Good = (long)reader.Varint(),
            Numeric = (long)reader.Varint(),
            OldestTicks = (long)reader.Varint(),
        };
        summary.NewestTicks = summary.OldestTicks + (long)reader.Varint();
        summary.Worst = new StatusCode((uint)reader.Varint());
        summary.LastHolds = reader.Byte() != 0;
        if (summary.Numeric == 0) return summary;
        summary.Min = reader.Float64();
        summary.Max = reader.Float64();
        summary.Sum = reader.Float64();
        summary.First = reader.Float64();
        summary.Last = summary.Held = reader.Float64();
        summary.Integral = reader.Float64();
        summary.CoveredTicks = (long)reader.Varint();
        return summary;
    }
}
