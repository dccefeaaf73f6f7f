using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeTwin.Prediction.Training;

/// <summary>
/// Rows of numbers with their times, in ascending order, as a model is trained on. It comes from a CSV file or from the
/// journal; training does not care which. A missing number is NaN; the last one before it is held.
/// </summary>
internal sealed class TrainingData(IReadOnlyList<TrainingColumn> columns)
{
    private readonly List<DateTime> times = [];
    private readonly List<double> values = [];

    public IReadOnlyList<TrainingColumn> Columns { get; } = columns;

    public int Rows => times.Count;

    /// <summary>Rows that were offered but could not be used: wrong number of cells, no time, not later than the row
    /// before.</summary>
    public int SkippedRows { get; private set; }

    public DateTime Time(int row) => times[row];

    public double Value(int row, int column) => values[row * Columns.Count + column];

    /// <summary>Adds a row; false, and counted, when its time is not later than the row before.</summary>
    public bool Add(DateTime time, ReadOnlySpan<double> row)
    {
        if (row.Length != Columns.Count)
            throw new ArgumentException($"a row has {row.Length} numbers for {Columns.Count} columns", nameof(row));
        if (times.Count > 0 && time <= times[^1])
        {
            Skip();
            return false;
        }

        times.Add(time);
        foreach (var value in row) values.Add(double.IsFinite(value) ? value : double.NaN);
        return true;
    }

    /// <summary>Counts a row that cannot be used.</summary>
    public void Skip() => SkippedRows++;

    /// <summary>Of all times and values, in hexadecimal.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        for (var row = 0; row < Rows; row++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, times[row].Ticks);
            hash.AppendData(bytes);
            for (var column = 0; column < Columns.Count; column++)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, Value(row, column));
                hash.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The most usual time from one row to the next: the median.</summary>
    public TimeSpan MedianPeriod()
    {
        if (Rows < 2) return TimeSpan.FromSeconds(1);
        var steps = new long[Rows - 1];
        for (var row = 1; row < Rows; row++) steps[row - 1] = (times[row] - times[row - 1]).Ticks;
        Array.Sort(steps);
        return TimeSpan.FromTicks(steps[steps.Length / 2]);
    }
}
