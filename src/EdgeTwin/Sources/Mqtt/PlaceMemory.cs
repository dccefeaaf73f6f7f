namespace EdgeTwin.Sources.Mqtt;

/// <summary>
/// Which places <c>(epoch, seq)</c> of another gateway's journal have come, so that what it sends again is recognised.
/// Neighbouring places become one range. Of more than <see cref="MostRanges"/> the one that was touched longest ago is
/// forgotten: what comes again is sent again soon after it was sent.
/// </summary>
internal sealed class PlaceMemory
{
    /// <summary>A gateway whose uplink sends everything needs one for each epoch and outage.</summary>
    public const int MostRanges = 4096;

    private readonly List<Range> ranges = []; // in order, disjoint
    private long touches;

    public int Ranges => ranges.Count;

    /// <summary>Whether the place has come. A sample there that is newer than all that came is of a gateway that lost
    /// its data folder and counts from the beginning: then everything is forgotten.</summary>
    /// <param name="place">Epoch and sequence.</param>
    /// <param name="time">Source time of the sample.</param>
    /// <param name="beganAnew">It does.</param>
    public bool Holds((long Epoch, long Sequence) place, DateTime time, out bool beganAnew)
    {
        beganAnew = false;
        var at = Before(place);
        if (at < 0 || !ranges[at].Has(place)) return false;
        beganAnew = time > ranges[at].Newest;
        if (beganAnew) ranges.Clear();
        return !beganAnew;
    }

    /// <summary>The place has come.</summary>
    public void Add((long Epoch, long Sequence) place, DateTime time)
    {
        touches++;
        var at = Before(place);
        if (at >= 0 && (ranges[at].Has(place) || ranges[at].IsJustBefore(place)))
        {
            var grown = ranges[at];
            ranges[at] = grown with
            {
                Last = Math.Max(grown.Last, place.Sequence),
                Newest = Later(grown.Newest, time),
                Touched = touches,
            };
        }
        else
        {
            ranges.Insert(++at, new Range(place.Epoch, place.Sequence, place.Sequence, time, touches));
        }

        if (at + 1 < ranges.Count && ranges[at].IsJustBefore((ranges[at + 1].Epoch, ranges[at + 1].First)))
        {
            var next = ranges[at + 1];
            ranges[at] = ranges[at] with { Last = next.Last, Newest = Later(ranges[at].Newest, next.Newest) };
            ranges.RemoveAt(at + 1);
        }

        if (ranges.Count > MostRanges) ForgetOne();
    }

    /// <summary>Index of the last range that begins at the place or before it; -1 when there is none.</summary>
    private int Before((long Epoch, long Sequence) place)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((ranges[middle].Epoch, ranges[middle].First).CompareTo(place) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private void ForgetOne()
    {
        var oldest = 0;
        for (var i = 1; i < ranges.Count; i++)
            if (ranges[i].Touched < ranges[oldest].Touched) oldest = i;
        ranges.RemoveAt(oldest);
    }

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;

    private readonly record struct Range(long Epoch, long First, long Last, DateTime Newest, long Touched)
    {
        public bool Has((long Epoch, long Sequence) place) =>
            place.Epoch == Epoch && place.Sequence >= First && place.Sequence <= Last;

        public bool IsJustBefore((long Epoch, long Sequence) place) =>
            place.Epoch == Epoch && Last < long.MaxValue && place.Sequence == Last + 1;
    }
}
