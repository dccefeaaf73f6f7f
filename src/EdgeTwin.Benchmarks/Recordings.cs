using System.Globalization;
using System.IO.Compression;

namespace EdgeTwin.Benchmarks;

/// <summary>A recording as rows of numbers at times.</summary>
internal sealed record Recording(string Name, string[] Columns, List<(DateTime Time, double[] Values)> Rows);

/// <summary>
/// Reads the recordings of a data folder: the signals of the machine, without labels and row numbers. A recording
/// without times gets those of its documented period.
/// </summary>
internal static class Recordings
{
    private static readonly DateTime Start = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>All recordings that exist in the folder.</summary>
    public static IEnumerable<Recording> Read(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, "skab")))
        {
            yield return Table(
                "skab",
                Directory.GetFiles(Path.Combine(folder, "skab"), "*.csv", SearchOption.AllDirectories), ';',
                header: true, time: 0, 1..9, default);
        }

        foreach (var (name, files, separator, header, columns, period) in Sets)
        {
            var path = Path.Combine(folder, name);
            var found = Directory.Exists(path)
                ? files.Select(file => Path.Combine(path, file)).Where(File.Exists).ToArray() : [];
            if (found.Length > 0) yield return Table(name, found, separator, header, period == default ? 0
                : -1, columns, period);
        }

        foreach (var file in Directory.GetFiles(folder, "*.csv")) yield return Demo(file);
    }

    private static readonly (string, string[], char, bool, Range, TimeSpan)[] Sets =
    [
        ("tep", [.. Enumerable.Range(0, 22).Select(i => i == 0 ? "d00_te.dat.gz" : $"d{i:00}.dat.gz")], ' ', false,
            0..52, TimeSpan.FromMinutes(3)),
        ("cmapss", ["train_FD001.txt.gz"], ' ', false, 2..26, TimeSpan.FromHours(1)),
        ("cascaded_tanks", ["estimation.csv"], ',', true, 2..4, TimeSpan.FromSeconds(4)),
        ("ccpp", ["ccpp_dev.csv"], ',', true, 0..5, TimeSpan.FromHours(1)),
        ("nab", ["machine_temperature_system_failure.csv", "ambient_temperature_system_failure.csv"], ',', true, 1..2,
        default),
        ("fan_accel", ["accelerometer_dev.csv.gz"], ',', true, 2..5, TimeSpan.FromMilliseconds(20)),
    ];

    private static Recording Table(
        string name, IEnumerable<string> files, char separator, bool header, int time, Range columns, TimeSpan period)
    {
        var rows = new List<(DateTime, double[])>();
        string[]? names = null;
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var lines = Lines(file).Select(line =>
                line.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            foreach (var (index, cells) in lines.Index())
            {
                names ??= header ? cells[columns] : [.. Enumerable.Range(1,
                    columns.GetOffsetAndLength(cells.Length).Length).Select(i => $"column{i}")];
                if (header && index == 0) continue;
                rows.Add((time >= 0 ? Time(cells[time])
                    : Start + (period * rows.Count), [.. cells[columns].Select(Number)]));
            }
        }

        // Runs were recorded on different days and their files are not in that order; a journal gets them in order of
        // time.
        return new Recording(name, names ?? [], [.. rows.OrderBy(row => row.Item1)]);
    }

    private static Recording Demo(string file)
    {
        var lines = Lines(file).Where(line => line[0] != '#').ToArray();
        var separator = lines[0].Contains(';') ? ';' : ',';
        var names = lines[0].Split(separator);
        var rows = new List<(DateTime, double[])>();
        foreach (var cells in lines.Skip(1).Select(line => line.Split(separator)))
        {
            var at = DateTime.TryParse(cells[0], CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : Start.AddSeconds(rows.Count);
            rows.Add((at, [.. cells.Skip(1).Select(Number)]));
        }

        return new Recording(Path.GetFileNameWithoutExtension(file), names[1..], rows);
    }

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number : double.NaN;

    private static DateTime Time(string text) => DateTime.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    private static IEnumerable<string> Lines(string file)
    {
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress)
            : File.OpenRead(file);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }
}
