namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// The recent past of one value, by sample and hold: a value holds until the next one comes. Every update costs
/// amortised O(1) and the memory is bounded whatever the rate of samples:
/// <list type="bullet">
/// <item>Time is cut into pieces in a ring. A piece begins with a change of the value; changes that follow within a
/// thousandth of the window are merged into the same piece, which keeps its area, extremes and edges. So a window holds
/// at most about two thousand pieces, and is exact while samples are further apart than that.</item>
/// <item>The area of the closed pieces is a running sum, added up afresh each time the ring goes round, so that
/// rounding does not pile up. Extremes come from a monotonic queue.</item>
/// <item>A sample counts from its source time. One that is in the future or older than the whole window counts from
/// now: the device's clock is then not to be trusted. Time never runs backwards inside a window.</item>
/// <item>While the input is bad the result is bad (except of a delay). Time with a bad input counts for nothing, and as
/// long as the window is not filled with good time the result is uncertain: UncertainSubNormal.</item>
/// </list>
/// </summary>
internal sealed class TimeWindow
{
    private const int Resolution = 1000;
    private const double Second = TimeSpan.TicksPerSecond;

    private readonly WindowFunction function;
    private readonly long length;
    private readonly long grain;
    private readonly ExtremeQueue? extremes;

    private Piece[] ring = new Piece[16];
    private int head;
    private int count;
    private long headNumber;
    private int edges;

    // What the closed pieces, all but the newest, add up to.
    private Sums closed;

    private double held;
    private StatusCode heldStatus;
    private long heldSince;

    public TimeWindow(WindowSpec spec)
    {
        function = spec.Function;
        length = spec.Length.Ticks;
        grain = Math.Max(1, length / Resolution);
        extremes = function is WindowFunction.Min or WindowFunction.Max
            ? new ExtremeQueue(function == WindowFunction.Min) : null;
    }

    private ref Piece Head => ref ring[head];
    private ref Piece Newest => ref ring[(head + count - 1) & (ring.Length - 1)];

    /// <summary>Takes the input as it is now, and gives the function's value now.</summary>
    public ExpressionResult Update(in ExpressionResult input, long now)
    {
        Settle(now);
        if (count == 0 || input.Status != heldStatus || !input.Status.IsBad
            && input.Number != held) Take(in input, now);
        Forget(now - length);
        if (function == WindowFunction.Delay) return Delayed(now - length, input.SourceTicks);
        if (input.Status.IsBad) return input;
        var number = Number(now, out var goodTicks);
        if (double.IsNaN(number)) return new ExpressionResult(double.NaN, StatusCode.BadWaitingForInitialData,
            input.SourceTicks);
        var isFilled = goodTicks >= length - grain;
        var status = isFilled ? input.Status : StatusCode.Worse(input.Status, StatusCode.UncertainSubNormal);
        return new ExpressionResult(number, status, input.SourceTicks);
    }

    /// <summary>Moves the past after the clock was set, so that pieces keep their lengths.</summary>
    public void ShiftClock(long ticks)
    {
        heldSince += ticks;
        for (var i = 0; i < count; i++) ring[(head + i) & (ring.Length - 1)].Start += ticks;
    }

    private void Take(in ExpressionResult input, long now)
    {
        var time = input.SourceTicks > now || input.SourceTicks < now - length ? now : input.SourceTicks;
        var isUsable = !input.Status.IsBad;
        if (count > 0)
        {
            time = Math.Max(time, heldSince);
            Newest.Sums.Hold(held, heldStatus, time - heldSince);
        }

        var isEdge = count > 0 && isUsable && input.Number != 0 && !heldStatus.IsBad && held == 0;
        if (count == 0 || time - Newest.Start >= grain) Open(time);
        ref var piece = ref Newest;
        (piece.Last, piece.LastStatus) = (input.Number, input.Status);
        if (isEdge)
        {
            piece.Edges++;
            edges++;
        }

        if (isUsable) extremes?.Add(headNumber + count - 1, input.Number);
        (held, heldStatus, heldSince) = (input.Number, input.Status, time);
    }

    // A value that has held for longer than the grain gets a piece of its own, so that what was merged before it can be
    // forgotten when its time has come.
    private void Settle(long now)
    {
        if (count == 0 || heldSince == Newest.Start || now - Newest.Start < grain) return;
        Open(heldSince);
        (Newest.Last, Newest.LastStatus) = (held, heldStatus);
        if (!heldStatus.IsBad) extremes?.Add(headNumber + count - 1, held);
    }

    private void Open(long start)
    {
        if (count > 0) closed.Add(in Newest.Sums);
        if (count == ring.Length) Grow();
        count++;
        Newest = new Piece { Start = start };
    }

    private void Grow()
    {
        var larger = new Piece[ring.Length * 2];
        for (var i = 0; i < count; i++) larger[i] = ring[(head + i) & (ring.Length - 1)];
        (ring, head) = (larger, 0);
    }

    // The piece in which the window begins stays, because its last value holds into the window.
    private void Forget(long windowStart)
    {
        while (count > 1 && ring[(head + 1) & (ring.Length - 1)].Start <= windowStart)
        {
            closed.Remove(in Head.Sums);
            edges -= Head.Edges;
            head = (head + 1) & (ring.Length - 1);
            count--;
            headNumber++;
            if (head == 0) AddUpAfresh();
        }

        extremes?.Forget(headNumber);
    }

    private void AddUpAfresh()
    {
        closed = default;
        for (var i = 0; i < count - 1; i++) closed.Add(in ring[(head + i) & (ring.Length - 1)].Sums);
    }

    private double Number(long now, out double goodTicks)
    {
        var windowStart = now - length;
        var sums = closed;
        var newest = Newest.Sums;
        newest.Hold(held, heldStatus, Math.Max(0, now - heldSince));
        sums.Add(in newest);
        if (Head.Start < windowStart)
        {
            // The part of the first piece that lies before the window, as if the piece were uniform; it is, unless
            // merged.
            var isOnly = count == 1;
            var end = isOnly ? now : ring[(head + 1) & (ring.Length - 1)].Start;
            var outside = (windowStart - Head.Start) / (double)Math.Max(1, end - Head.Start);
            sums.Remove(in isOnly ? ref newest : ref Head.Sums, outside);
        }

        goodTicks = sums.GoodTicks;
        return function switch
        {
            WindowFunction.Min or WindowFunction.Max => extremes!.Front,
            WindowFunction.Avg => sums.UsableTicks > 0 ? sums.Area / sums.UsableTicks : held,
            WindowFunction.Integral => sums.Area / Second,
            WindowFunction.Count => edges - (Head.Start < windowStart ? Head.Edges : 0),
            _ => Rate(now),
        };
    }

    private double Rate(long now)
    {
        for (var i = 0; i < count; i++)
        {
            ref readonly var piece = ref ring[(head + i) & (ring.Length - 1)];
            if (piece.LastStatus.IsBad) continue;
            var elapsed = now - Math.Max(piece.Start, now - length);
            return elapsed > 0 ? (held - piece.Last) / (elapsed / Second) : double.NaN;
        }

        return double.NaN;
    }

    private ExpressionResult Delayed(long moment, long sourceTicks) => Head.Start <= moment
        ? new ExpressionResult(Head.Last, Head.LastStatus, sourceTicks)
        : new ExpressionResult(double.NaN, StatusCode.BadWaitingForInitialData, sourceTicks);

    private struct Piece
    {
        public long Start;
        public double Last;
        public StatusCode LastStatus;
        public int Edges;
        public Sums Sums;
    }

    private struct Sums
    {
        public double Area;
        public double UsableTicks;
        public double GoodTicks;

        public void Hold(double value, StatusCode status, long ticks)
        {
            if (status.IsBad) return;
            Area += value * ticks;
            UsableTicks += ticks;
            if (status.IsGood) GoodTicks += ticks;
        }

        public void Add(in Sums other)
        {
            Area += other.Area;
            UsableTicks += other.UsableTicks;
            GoodTicks += other.GoodTicks;
        }

        public void Remove(in Sums other, double share = 1)
        {
            Area -= other.Area * share;
            UsableTicks -= other.UsableTicks * share;
            GoodTicks -= other.GoodTicks * share;
        }
    }
}
