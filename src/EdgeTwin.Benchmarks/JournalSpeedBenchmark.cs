using System.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Benchmarks;

/// <summary>How fast samples get into committed blocks from one thread, and how fast a day comes out in
/// minutes.</summary>
internal static class JournalSpeedBenchmark
{
    private const int TagCount = 100;
    private static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        Append(arguments.Report, arguments.Option("samples", 4_000_000));
        await AggregateAsync(arguments.Report);
    }

    private static void Append(Report report, int total)
    {
        using var steps = new JournalSteps(Enumerable.Range(0, TagCount).Select(i => ($"tag{i}", TagDataType.Float64)));
        var scans = BenchTags.Walk(TagCount, Start, TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 2000; i++) steps.Append(scans[i % scans.Length]);
        steps.Commit();
        var before = steps.Committed;
        var cpu = Environment.CpuUsage.TotalTime;
        var wall = Stopwatch.GetTimestamp();
        for (var i = 0; i < total / TagCount; i++) steps.Append(scans[i % scans.Length]);
        steps.Commit();
        var seconds = Stopwatch.GetElapsedTime(wall).TotalSeconds;
        var cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        var written = steps.Committed - before;
        var conditions =
            $"{written} samples of {TagCount} Float64 tags, one thread, synchronous=FULL, commits of 32,768";
        report.AtLeast("samples into committed blocks", written / Math.Max(seconds, cpuSeconds), "samples/s", 500_000,
            conditions);
        report.Note("samples per second of processor time", written / cpuSeconds, "samples/s", conditions);
        report.Note("bytes per sample in blocks", (double)steps.UsedBytes() / written, "bytes", "before compaction");
    }

    private static async Task AggregateAsync(Report report)
    {
        using var steps = new JournalSteps(Enumerable.Range(0, 8).Select(i => ($"tag{i}", TagDataType.Float64)));
        var random = new Random(2);
        var row = new Sample[8];
        for (var second = 0; second < 86_400; second++)
        {
            for (var tag = 0; tag < row.Length; tag++) row[tag] =
                Make(tag, Math.Round(20 + random.NextDouble(), 3), Start.AddSeconds(second));
            steps.Append(row);
        }

        await steps.CompactAsync();
        var times = new List<double>();
        var processor = new List<double>();
        for (var round = 0; round < 16; round++)
        {
            var wall = Stopwatch.GetTimestamp();
            var cpu = Environment.CpuUsage.TotalTime;
            using var reader = JournalReader.OpenReadOnly(steps.Folder);
            var buckets = reader.ReadAggregates("tag3", Start, Start.AddDays(1), TimeSpan.FromMinutes(1));
            times.Add(Stopwatch.GetElapsedTime(wall).TotalMilliseconds);
            processor.Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
            if (buckets.Count != 1440 || buckets.Any(bucket =>
                bucket.Count != 60)) throw new InvalidOperationException("the buckets are wrong");
        }

        report.Note("aggregate of a day, first time in the process", times[0], "ms", "with opening the journal");
        report.Note("aggregate of a day, processor time", processor.Skip(1).Order().ElementAt(7), "ms", "median of 15");
        report.AtMost("aggregate of a day at 1 s into minutes", times.Skip(1).Order().ElementAt(7), "ms", 150,
            "86,400 samples, 1 of 8 tags, median of 15, with opening the journal");
    }

    private static Sample Make(int tag, double value, DateTime time) =>
        new(new TagId(tag), TagValue.From(value), StatusCode.Good, time, time, ClockState.Synchronised);
}
