using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Journal;

public sealed class RetentionTests : IDisposable
{
    private readonly SettableTime time = new(JournalRig.Start);
    private JournalRig rig = new();

    [Fact]
    public async Task History_older_than_its_age_goes_and_younger_stays()
    {
        using var journal = Open(new JournalConfig { KeepFor = TimeSpan.FromHours(1) });
        await SegmentAsync(journal, 1, 100);
        await SegmentAsync(journal, 3_600_000, 100);
        time.Now = JournalRig.Start.AddHours(1).AddMinutes(1);
        await KeepLimitsAsync(journal);
        Assert.Equal([3_600_000.0], Values(1));
        Assert.Equal(100, journal.Retention.Dropped["age"]);
    }

    [Fact]
    public async Task The_size_cap_costs_the_oldest_history_first_and_each_loss_is_counted()
    {
        using var journal = Open(new JournalConfig { MaxSizeMb = 1 });
        var random = new Random(1);
        for (var round = 0; round < 30; round++)
        {
            var from = 1 + (round * 10_000);
            journal.TryAppend([.. JournalRig.Numbered(from, 10_000).Select(sample =>
                sample with { Value = TagValue.From(random.NextDouble()) })]);
            journal.Writer.Step();
            await HistoryTests.RunAsync(journal, compactor => compactor.CompactAsync(default));
            await HistoryTests.RunAsync(journal, compactor => compactor.DeleteDeliveredAsync(default));
        }

        await KeepLimitsAsync(journal);
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        var left = reader.ReadRaw("flow", DateTime.MinValue, DateTime.MaxValue);
        Assert.Equal(300_000, left.Count + journal.Retention.Dropped["size"]);
        Assert.InRange(left.Count, 50_000, 200_000);
        Assert.Equal(JournalRig.Start.AddMilliseconds(300_000), left[^1].SourceTime);
    }

    [Fact]
    public async Task Without_free_space_history_goes_before_samples_that_nobody_has_got()
    {
        using var journal = Open(new JournalConfig());
        var outbox = journal.OpenOutbox("site");
        for (var i = 0; i < 10; i++) await SegmentAsync(journal, 1 + (i * 2000), 2000);
        var free = 250_000_000L;
        journal.FreeBytes = () => free;
        await KeepLimitsAsync(journal, most: 4);
        Assert.Equal(8000, journal.Retention.Dropped["free-space"]);
        Assert.Equal(20_000, (await JournalRig.DrainAsync(outbox, new Position(1, 0))).Count);

        await KeepLimitsAsync(journal);
        Assert.Equal(20_000, journal.Retention.Dropped["free-space"]);
        Assert.Equal(20_000, journal.Retention.Dropped["free-space/undelivered"]);
        Assert.Equal("free-space", outbox.RuleOf(new Hole(new Position(1, 0), new Position(1, 20_001))));
        Assert.Equal("unknown", outbox.RuleOf(new Hole(new Position(1, 20_000), new Position(1, 20_005))));
        free = long.MaxValue / 2;
        journal.TryAppend(JournalRig.Numbered(20_001, 1));
        Assert.Equal(new Position(1, 20_001), (await JournalRig.DrainAsync(outbox, new Position(1, 20_000)))[0].At);
    }

    [Fact]
    public async Task Status_tells_sizes_counts_and_times()
    {
        using var journal = Open(new JournalConfig());
        await SegmentAsync(journal, 1, 1000);
        journal.TryAppend(JournalRig.Numbered(1001, 500));
        journal.Writer.Step();
        journal.TryAppend(JournalRig.Numbered(1501, 5));
        await journal.Upkeep.RoundAsync(CancellationToken.None);
        var status = journal.Status;
        Assert.Equal(1500, status.Samples);
        Assert.Equal(5, status.Pending);
        Assert.Equal(new Position(1, 1505), status.Head);
        Assert.Equal(new Position(1, 1500), status.Committed);
        Assert.Equal(1, status.Segments);
        Assert.Equal(JournalRig.Start.AddMilliseconds(1), status.Oldest);
        Assert.Equal(JournalRig.Start.AddMilliseconds(1500), status.Newest);
        Assert.InRange(status.BytesPerSample, 0.1, 1000);
        Assert.Null(status.Trouble);
    }

    public void Dispose() => rig.Dispose();

    private static async Task SegmentAsync(SampleJournal journal, int from, int count)
    {
        journal.TryAppend(JournalRig.Numbered(from, count));
        journal.Writer.Step();
        await HistoryTests.RunAsync(journal, compactor => compactor.CompactAsync(default));
        await HistoryTests.RunAsync(journal, compactor => compactor.DeleteDeliveredAsync(default));
    }

    private static async Task KeepLimitsAsync(SampleJournal journal, int most = 1000)
    {
        for (var i = 0; i < most; i++)
        {
            if (!await HistoryTests.RunAsync(journal, _ => journal.Retention.StepAsync(default))) return;
        }
    }

    private SampleJournal Open(JournalConfig config)
    {
        rig.Dispose();
        rig = new JournalRig { Config = config, Time = time };
        return rig.Open();
    }

    private IEnumerable<double> Values(int limit)
    {
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        return [.. reader.ReadRaw("flow", DateTime.MinValue, DateTime.MaxValue, limit).Select(sample =>
            sample.Value.AsDouble())];
    }

    private sealed class SettableTime(DateTime now) : TimeProvider
    {
        public DateTime Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
