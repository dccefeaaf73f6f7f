using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>
/// The last rows of a model's inputs on the package's own grid, by sample and hold, in the package's units. Not
/// thread-safe: its owner holds a lock. Allocates nothing after construction.
/// </summary>
internal sealed class FeatureWindow
{
    private readonly IReadOnlyList<InputBinding> bindings;
    private readonly TimeSpan period;
    private readonly int length;
    private readonly double[] values;            // ring of rows, window x tags
    private readonly WindowQuality[] qualities;  // one for each row of the ring
    private readonly double[] held;
    private readonly Sample[] latest;
    private int newest = -1;
    private DateTime nextRow;
    private bool hasStarted;

    public FeatureWindow(IReadOnlyList<InputBinding> bindings, int length, TimeSpan period)
    {
        this.bindings = bindings;
        this.period = period;
        this.length = length;
        values = new double[length * bindings.Count];
        qualities = new WindowQuality[length];
        held = new double[bindings.Count];
        Array.Fill(held, double.NaN);
        latest = new Sample[bindings.Count];
    }

    /// <summary>Rows in the window so far.</summary>
    public int Rows { get; private set; }

    public bool IsFull => Rows == length;

    /// <summary>Newest source time among the inputs.</summary>
    public DateTime SourceTime { get; private set; }

    /// <summary>Unsynchronised when the clock was for any input.</summary>
    public ClockState Clock { get; private set; }

    /// <summary>
    /// Takes the inputs as they are now; true when that completed a row. Rows that fell due earlier get the values
    /// before, a row due within a quarter period of now gets these, so that a source with the model's own period is not
    /// a row late.
    /// </summary>
    public bool Observe(ReadOnlySpan<Sample> inputs, DateTime now)
    {
        var tolerance = period / 4;
        if (hasStarted && now < nextRow - 2 * period) Restart(now); // the clock was set back
        var added = Advance(now - tolerance, now);
        Hold(inputs);
        if (!hasStarted) Restart(now);
        if (nextRow > now + tolerance) return added;
        AddRow(now);
        return true;
    }

    /// <summary>Adds the rows that fell due before a time, from the values that are held; true when there was
    /// one.</summary>
    public bool Advance(DateTime until, DateTime now)
    {
        if (!hasStarted || nextRow >= until) return false;
        if (until - nextRow > length * period) Restart(now); // asleep for longer than a window: nothing in it is known
        var added = false;
        for (; nextRow < until; added = true) AddRow(now);
        return added;
    }

    /// <summary>Copies window x tags, oldest row first.</summary>
    public void CopyTo(Span<double> window)
    {
        var oldest = (newest + 1) % length * bindings.Count;
        values.AsSpan(oldest).CopyTo(window);
        values.AsSpan(0, oldest).CopyTo(window[(values.Length - oldest)..]);
    }

    /// <summary>The newest row decides whether the window is bad; any flaw in it makes it uncertain.</summary>
    public WindowQuality Quality()
    {
        if (!IsFull)
        {
            var reason = Rows > 0 || !hasStarted ? -1 : qualities[0].Input;
            return new WindowQuality(StatusCode.BadWaitingForInitialData, InputFlaw.Waiting, reason);
        }

        var quality = qualities[newest];
        if (!quality.Status.IsGood) return quality;
        foreach (var row in qualities)
        {
            if (!row.Status.IsGood) return new WindowQuality(StatusCode.UncertainSubNormal, InputFlaw.Earlier,
                row.Input);
        }

        return WindowQuality.Good;
    }

    private void Restart(DateTime now)
    {
        hasStarted = true;
        Rows = 0;
        newest = -1;
        nextRow = now;
    }

    private void Hold(ReadOnlySpan<Sample> inputs)
    {
        SourceTime = default;
        Clock = ClockState.Synchronised;
        for (var i = 0; i < inputs.Length; i++)
        {
            var sample = inputs[i];
            latest[i] = sample;
            if (sample.SourceTime > SourceTime) SourceTime = sample.SourceTime;
            if (sample.Clock == ClockState.Unsynchronised) Clock = ClockState.Unsynchronised;
            if (sample.Status.IsBad) continue;
            var value = bindings[i].ToPackageUnit(sample.Value.AsDouble());
            if (double.IsFinite(value)) held[i] = value;
            else latest[i] = sample with { Status = StatusCode.BadNoData };
        }
    }

    private void AddRow(DateTime now)
    {
        nextRow += period;
        var quality = WindowQuality.Good;
        for (var i = 0; i < held.Length; i++) quality = WindowQuality.Worse(quality, Judge(i, now));
        if (quality.Flaw == InputFlaw.Waiting)
        {
            Rows = 0;
            newest = -1;
            qualities[0] = quality;
            return;
        }

        newest = (newest + 1) % length;
        held.CopyTo(values.AsSpan(newest * held.Length));
        qualities[newest] = quality;
        if (Rows < length) Rows++;
    }

    private WindowQuality Judge(int input, DateTime now)
    {
        ref readonly var sample = ref latest[input];
        if (double.IsNaN(held[input])) return new WindowQuality(StatusCode.BadWaitingForInitialData, InputFlaw.Waiting,
            input);
        if (sample.Status.IsBad) return new WindowQuality(sample.Status, InputFlaw.Bad, input);
        if (sample.Status.IsUncertain) return new WindowQuality(StatusCode.UncertainSubNormal, InputFlaw.Uncertain,
            input);
        if (now - sample.ReceiveTime > bindings[input].StaleAfter)
            return new WindowQuality(StatusCode.UncertainLastUsableValue, InputFlaw.Stale, input);
        if (bindings[input].Input.Range is { } range && !range.Contains(held[input]))
            return new WindowQuality(StatusCode.UncertainSubNormal, InputFlaw.OutsideTraining, input);
        return WindowQuality.Good;
    }
}
