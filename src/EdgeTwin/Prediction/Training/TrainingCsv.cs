using System.Globalization;

namespace EdgeTwin.Prediction.Training;

/// <summary>
/// Reads training data from CSV: a header, then rows; <c>;</c>, <c>,</c> or tab between cells; ISO 8601 times, UTC
/// where no offset is given. Rows that cannot be used are counted, not fatal.
/// </summary>
internal sealed class TrainingCsv
{
    private static readonly string[] TimeNames = ["time", "timestamp", "datetime"];

    private readonly string[] header;
    private readonly char separator;
    private readonly int time;
    private readonly int anomaly;
    private readonly int[] columns;

    private TrainingCsv(string headerLine, string? firstRow, TrainingCsvOptions options)
    {
        separator = headerLine.Contains(';') ? ';' : headerLine.Contains('\t') ? '\t' : ',';
        header = [.. headerLine.Split(separator).Select(h => h.Trim().Trim('"'))];
        time = options.TimeColumn is null ? TimeColumn() : Find(options.TimeColumn);
        anomaly = options.AnomalyColumn is null ? -1 : Find(options.AnomalyColumn);
        columns = options.Columns is null ? Numeric(firstRow) : [.. options.Columns.Select(Find)];
        if (columns.Length == 0) throw new ModelException("there is no column with numbers beside the time");
    }

    /// <exception cref="ModelException">The file is missing, empty or lacks a column; the message says
    /// which.</exception>
    public static TrainingData Read(string path, TrainingCsvOptions options)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader, options);
        }
        catch (ModelException exception)
        {
            throw new ModelException($"{path}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc cref="Read(string, TrainingCsvOptions)"/>
    public static TrainingData Read(TextReader reader, TrainingCsvOptions options)
    {
        var headerLine = reader.ReadLine()
            ?? throw new ModelException("the file is empty; the first line names the columns");
        var line = reader.ReadLine();
        var csv = new TrainingCsv(headerLine.TrimStart('\uFEFF'), line, options);
        var data = new TrainingData([.. csv.columns.Select(c => csv.Column(c, options))]);
        for (var row = new double[csv.columns.Length]; line is not null; line = reader.ReadLine())
        {
            if (line.Length > 0) csv.Add(data, line, row);
        }

        return data;
    }

    private void Add(TrainingData data, string line, double[] row)
    {
        var cells = line.Split(separator);
        if (cells.Length != header.Length || !TryTime(cells[time], out var at))
        {
            data.Skip();
            return;
        }

        if (anomaly >= 0 && !(TryNumber(cells[anomaly], out var label) && label == 0)) return;
        for (var i = 0; i < row.Length; i++) row[i] = TryNumber(cells[columns[i]], out var value) ? value : double.NaN;
        data.Add(at, row);
    }

    private static bool TryTime(string cell, out DateTime time) => DateTime.TryParse(
        cell.Trim().Trim('"'), CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static bool TryNumber(string cell, out double value) =>
        double.TryParse(cell.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private TrainingColumn Column(int column, TrainingCsvOptions options)
    {
        var (name, unit) = Split(header[column]);
        return new TrainingColumn(name, options.Units.GetValueOrDefault(name, unit));
    }

    private static (string Name, string Unit) Split(string cell)
    {
        var bracket = cell.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 && cell.EndsWith(']') ? (cell[..bracket].Trim(), cell[(bracket + 1)..^1].Trim())
            : (cell, "");
    }

    private int TimeColumn()
    {
        var found = Array.FindIndex(header, h => TimeNames.Contains(h, StringComparer.OrdinalIgnoreCase));
        return Math.Max(found, 0);
    }

    private int Find(string name)
    {
        var found = Array.FindIndex(header, h => h == name || Split(h).Name == name);
        return found >= 0 ? found
            : throw new ModelException($"there is no column '{name}'; the header has {string.Join(", ", header)}");
    }

    private int[] Numeric(string? firstRow)
    {
        var cells = firstRow?.Split(separator) ?? [];
        return [.. Enumerable.Range(0, header.Length)
            .Where(c => c != time && c != anomaly && c < cells.Length && TryNumber(cells[c], out _))];
    }
}
