using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// How many bytes a sample takes in history: recordings go through the journal as a gateway would put them there, are
/// compacted, and read back and compared bit for bit. Counted is every page of the database that is in use.
/// </summary>
internal static class HistorySizeBenchmark
{
    private const double Bar = 1.5;
    private const int SmallestShown = 10_000;
    private const int EnoughSamples = 100_000;

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var folder = arguments.Option("data") ?? DemoFolder();
        var recordings = folder != null ? Recordings.Read(folder).ToList() : [];
        // The 48 kB of an empty journal outweigh a short recording; with --data the recordings are long enough.
        if (Count(recordings) < EnoughSamples) recordings.Add(Synthetic());
        var empty = await SizeAsync([]);
        foreach (var recording in recordings)
        {
            // What fits the pages of an empty journal says nothing by itself; it is part of the total below.
            var count = Count([recording]);
            if (count < SmallestShown) continue;
            var net = await SizeAsync([recording]) - empty;
            arguments.Report.Note(
                $"{recording.Name}", (double)net / count, "bytes/sample",
                $"{count} samples of {recording.Columns.Length} Float64 tags, without the {empty} bytes of an empty "
                    + $"journal, verified bit for bit");
        }

        var jittered = recordings[0] with { Rows = Jitter(recordings[0].Rows) };
        arguments.Report.Note(
            $"{jittered.Name}, times off by 0.3 ms at random",
            (double)(await SizeAsync([jittered]) - empty) / Count([jittered]), "bytes/sample",
            "each scan stamped to 100 ns by a clock that shakes: its times then cost bits of their own");
        var total = Count(recordings);
        arguments.Report.AtMost(
            "history size", (double)await SizeAsync(recordings) / total, "bytes/sample", Bar,
            $"{total} samples of {string.Join(", ", recordings.Select(recording => recording.Name))} in one journal, "
                + "every used page of the file, verified bit for bit");
    }

    private static long Count(IEnumerable<Recording> recordings) =>
        recordings.Sum(recording => (long)recording.Rows.Count * recording.Columns.Length);

    private static async Task<long> SizeAsync(IReadOnlyList<Recording> recordings)
    {
        using var steps = new JournalSteps(recordings.SelectMany(
            recording => recording.Columns.Select(column =>
            ($"{recording.Name}.{column.Replace(' ', '-')}", TagDataType.Float64))));
        var first = 0;
        foreach (var recording in recordings)
        {
            var scan = new Sample[recording.Columns.Length];
            foreach (var (time, values) in recording.Rows)
            {
                for (var i = 0; i < scan.Length; i++)
                    scan[i] = new Sample(new TagId(first + i), TagValue.From(values[i]), StatusCode.Good, time, time,
                        ClockState.Synchronised);
                steps.Append(scan);
            }

            await steps.CompactAsync();
            first += scan.Length;
        }

        using (var reader = JournalReader.OpenReadOnly(steps.Folder)) Verify(reader, recordings);
        return steps.UsedBytes();
    }

    private static void Verify(JournalReader reader, IReadOnlyList<Recording> recordings)
    {
        foreach (var recording in recordings)
        {
            for (var column = 0; column < recording.Columns.Length; column++)
            {
                var tag = $"{recording.Name}.{recording.Columns[column].Replace(' ', '-')}";
                var read = reader.ReadRaw(tag, DateTime.MinValue, DateTime.MaxValue);
                if (read.Count != recording.Rows.Count) throw new InvalidOperationException(
                    $"{tag}: {read.Count} of {recording.Rows.Count} samples");
                for (var i = 0; i < read.Count; i++)
                {
                    var (time, values) = recording.Rows[i];
                    if (read[i] != new HistorySample(time, TagValue.From(values[column]), StatusCode.Good, time,
                        ClockState.Synchronised))
                        throw new InvalidOperationException($"{tag}: sample {i} is {read[i]}");
                }
            }
        }
    }

    private static List<(DateTime, double[])> Jitter(List<(DateTime Time, double[] Values)> rows)
    {
        var random = new Random(7);
        return [.. rows.Select(row => (
            Time: row.Time.AddTicks((long)(3000 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(
            2 * Math.PI * random.NextDouble()))),
            row.Values)).OrderBy(row => row.Time)];
    }

    private static Recording Synthetic()
    {
        var random = new Random(1);
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = Enumerable.Range(0, 40_000).Select(i => (start.AddSeconds(i), new[]
        {
            Math.Round(20 + (5 * Math.Sin(i / 300.0)) + (random.NextDouble() * 0.2), 2),
            Math.Round(3 + (random.NextDouble() * 0.05), 3),
            random.Next(5) == 0 ? 1.0 : 0.0,
        })).ToList();
        return new Recording("synthetic", ["temperature", "pressure", "running"], rows);
    }

    // The recording that the repository carries.
    private static string? DemoFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            var demo = Path.Combine(folder.FullName, "config", "demo");
            if (Directory.Exists(demo) && Directory.GetFiles(demo, "*.csv").Length > 0) return demo;
        }

        return null;
    }
}
