namespace EdgeTwin.Prediction.Training;

/// <summary>
/// Training data on the model's own grid: rows one period apart, each holding the last value of every column, as the
/// live window does. A gap longer than <see cref="LongestHold"/> periods starts a new segment; no window spans two.
/// </summary>
internal sealed class WindowSet
{
    private const int LongestHold = 5;

    private readonly List<double> rows = [];
    private readonly List<int> ends = [];
    private readonly int columns;

    private WindowSet(int columns, int window)
    {
        this.columns = columns;
        Window = window;
    }

    public int Window { get; }

    /// <summary>Number of windows, in order of time; neighbours overlap.</summary>
    public int Count => ends.Count;

    public static WindowSet Create(TrainingData data, int[] columns, int window, TimeSpan period)
    {
        var set = new WindowSet(columns.Length, window);
        var held = new double[columns.Length];
        for (var first = 0; first < data.Rows;)
        {
            var after = first + 1;
            while (after < data.Rows && data.Time(after) - data.Time(after - 1) <= LongestHold * period) after++;
            set.AddSegment(data, columns, first, after, period, held);
            first = after;
        }

        return set;
    }

    /// <summary>Window x tags, oldest row first.</summary>
    public double[] Values(int window)
    {
        var values = new double[Window * columns];
        rows.CopyTo((ends[window] - Window + 1) * columns, values, 0, values.Length);
        return values;
    }

    private void AddSegment(TrainingData data, int[] columns, int first, int after, TimeSpan period, double[] held)
    {
        Array.Fill(held, double.NaN);
        var start = data.Time(first);
        var complete = 0;
        var next = first;
        for (var step = 0L; next < after || step == 0; step++)
        {
            // Half a period of tolerance, so that rows that jitter around the grid are neither doubled nor lost.
            var at = start + step * period + period / 2;
            for (; next < after && data.Time(next) < at; next++)
            {
                for (var i = 0; i < columns.Length; i++)
                {
                    var value = data.Value(next, columns[i]);
                    if (!double.IsNaN(value)) held[i] = value;
                }
            }

            if (Array.Exists(held, double.IsNaN)) continue;
            rows.AddRange(held);
            if (++complete >= Window) ends.Add(rows.Count / this.columns - 1);
        }
    }
}
