namespace EdgeTwin.Journal;

/// <summary>
/// Place of a sample in the journal: within an epoch the sequence counts 1, 2, 3 … without a gap; each start of the
/// gateway begins a new epoch. (epoch, 0) is before the epoch's first sample.
/// </summary>
internal readonly record struct Position(long Epoch, long Sequence) : IComparable<Position>
{
    public int CompareTo(Position other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;
    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;
    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Epoch}:{Sequence}";
}
