using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Journal;

public sealed class HistoryTests : IDisposable
{
    private readonly JournalRig rig = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_sample_is_in_history_bit_for_bit_whether_compacted_merged_or_not(int stage)
    {
        var samples = AnySamples.Make(stage, 6000, 3);
        using var journal = rig.Open();
        for (var at = 0; at < samples.Length; at += 600)
        {
            journal.TryAppend(samples.AsSpan(at, 600));
            journal.Writer.Step();
            if (stage > 0) await RunAsync(journal, compactor => compactor.CompactAsync(default));
        }

        if (stage == 2) Assert.True(await RunAsync(journal, compactor => compactor.MergeAsync(default)));
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        for (var tag = 0; tag < 3; tag++)
        {
            var expected =
                samples.Where(sample => sample.Tag.Index == tag).OrderBy(sample => sample.SourceTime).ToArray();
            var read = reader.ReadRaw(rig.Tags.All[tag].Name, DateTime.MinValue, DateTime.MaxValue);
            Assert.Equal(
                expected.OrderBy(sample => sample.SourceTime).ThenBy(sample => sample.ReceiveTime).Select(Key),
                read.OrderBy(sample => sample.SourceTime).ThenBy(sample => sample.ReceiveTime));
            Assert.Equal(expected.Select(sample => sample.SourceTime), read.Select(sample => sample.SourceTime));
        }

        Assert.Equal(0, reader.DamagedStretches);
        static HistorySample Key(Sample sample) => new(
            sample.SourceTime, sample.Value, sample.Status, sample.ReceiveTime, sample.Clock);
    }

    [Fact]
    public async Task Raw_history_respects_range_and_limit_and_knows_no_strange_tag()
    {
        using var journal = rig.Open();
        journal.TryAppend(JournalRig.Numbered(0, 1000));
        journal.Writer.Step();
        await RunAsync(journal, compactor => compactor.CompactAsync(default));
        journal.TryAppend(JournalRig.Numbered(1000, 1000));
        journal.Writer.Step();
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        var from = JournalRig.Start.AddMilliseconds(990);
        Assert.Equal(Enumerable.Range(990, 20).Select(i => (double)i),
            Values(reader.ReadRaw("flow", from, from.AddMilliseconds(20))));
        Assert.Equal([990.0, 991, 992], Values(reader.ReadRaw("flow", from, DateTime.MaxValue, 3)));
        Assert.Empty(reader.ReadRaw("nothing", DateTime.MinValue, DateTime.MaxValue));
        Assert.Empty(reader.ReadRaw("pressure", DateTime.MinValue, DateTime.MaxValue));
    }

    [Fact]
    public async Task Aggregates_are_those_of_the_samples_whether_summed_up_before_or_not()
    {
        using var journal = rig.Open();
        var samples = new List<Sample>();
        var random = new Random(4);
        for (var i = 0; i < 3600; i++)
        {
            var at = JournalRig.Start.AddSeconds(i);
            var status = i % 100 == 0 ? StatusCode.BadTimeout : i % 100 == 1 ? StatusCode.Uncertain : StatusCode.Good;
            samples.Add(new Sample(new TagId(0), TagValue.From(Math.Round(random.NextDouble() * 10, 2)), status, at, at,
                ClockState.Synchronised));
        }

        for (var at = 0; at < 3600; at += 1200)
        {
            journal.TryAppend(samples.Skip(at).Take(1200).ToArray());
            journal.Writer.Step();
            if (at < 2400) await RunAsync(journal, compactor => compactor.CompactAsync(default));
        }

        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        foreach (var seconds in (int[])[7, 60, 1200, 100_000])
        {
            var length = TimeSpan.FromSeconds(seconds);
            var buckets = reader.ReadAggregates("flow", JournalRig.Start, JournalRig.Start.AddHours(1), length);
            var expected =
                samples.GroupBy(sample => (sample.SourceTime - JournalRig.Start).Ticks / length.Ticks).ToArray();
            Assert.Equal(expected.Length, buckets.Count);
            for (var i = 0; i < expected.Length; i++)
            {
                var usable = expected[i].Where(sample => !sample.Status.IsBad).Select(sample =>
                    sample.Value.AsDouble()).ToArray();
                Assert.Equal(JournalRig.Start + (length * expected[i].Key), buckets[i].Start);
                Assert.Equal(expected[i].Count(), buckets[i].Count);
                Assert.Equal(expected[i].Count(sample => sample.Status.IsGood), buckets[i].GoodCount);
                Assert.Equal(usable.Min(), buckets[i].Min);
                Assert.Equal(usable.Max(), buckets[i].Max);
                Assert.Equal(usable.Average(), buckets[i].Average!.Value, 9);
                Assert.Equal(usable[0], buckets[i].First);
                Assert.Equal(usable[^1], buckets[i].Last);
            }
        }
    }

    [Fact]
    public void The_time_average_holds_each_value_until_the_next_sample_across_buckets()
    {
        using var journal = rig.Open();
        // 10 for 90 s, then 40: in the second minute 30 s of 10 and 30 s of 40.
        journal.TryAppend([JournalRig.Sample(0, 10, 0), JournalRig.Sample(0, 40, 90_000),
            JournalRig.Sample(0, 0, 120_000)]);
        journal.Writer.Step();
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        var buckets =
            reader.ReadAggregates("flow", JournalRig.Start, JournalRig.Start.AddMinutes(3), TimeSpan.FromMinutes(1));
        Assert.Equal([10.0, 25.0, 0.0], buckets.Select(bucket => bucket.TimeAverage!.Value));
        Assert.Equal([10.0, 40.0, 0.0], buckets.Select(bucket => bucket.Average!.Value));
    }

    [Fact]
    public async Task Blocks_go_when_they_are_compacted_and_every_uplink_has_got_them_and_not_before()
    {
        using var journal = rig.Open();
        var first = journal.OpenOutbox("first");
        var second = journal.OpenOutbox("second");
        for (var i = 0; i < 4; i++)
        {
            journal.TryAppend(JournalRig.Numbered(1 + (i * 100), 100));
            journal.Writer.Step();
        }

        first.Delivered(new Position(1, 400), []);
        second.Delivered(new Position(1, 250), []);
        Assert.False(await RunAsync(journal, compactor => compactor.DeleteDeliveredAsync(default)));
        await RunAsync(journal, compactor => compactor.CompactAsync(default));
        Assert.True(await RunAsync(journal, compactor => compactor.DeleteDeliveredAsync(default)));
        Assert.Equal(200, (await JournalRig.DrainAsync(second, new Position(1, 200))).Count);
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        Assert.Equal(400, reader.ReadRaw("flow", DateTime.MinValue, DateTime.MaxValue).Count);
        journal.Writer.Step();
        Assert.Equal(2L, journal.Writer.Tail.Committed == 400 ? CountBlocks() : -1);
    }

    [Fact]
    public async Task A_damaged_segment_costs_its_own_stretch_only_and_is_counted()
    {
        using (var journal = rig.Open())
        {
            for (var i = 0; i < 3; i++)
            {
                journal.TryAppend(JournalRig.Numbered(i * 100, 100));
                journal.Writer.Step();
                await RunAsync(journal, compactor => compactor.CompactAsync(default));
            }
        }

        using (var session = SqliteSession.OpenForWriting(rig.File))
            Assert.Equal(1, session.Execute("UPDATE pack SET data = zeroblob(length(data)) WHERE id >> 16 = 2"));
        using var reader = JournalReader.OpenReadOnly(rig.Folder);
        var values = Values(reader.ReadRaw("flow", DateTime.MinValue, DateTime.MaxValue)).ToArray();
        Assert.Equal(Enumerable.Range(0, 100).Concat(Enumerable.Range(200, 100)).Select(i => (double)i), values);
        Assert.Equal(1, reader.DamagedStretches);
    }

    [Fact]
    public void A_folder_without_a_journal_is_named_in_the_error()
    {
        var failure = Assert.Throws<JournalException>(() => JournalReader.OpenReadOnly(rig.Folder));
        Assert.Contains(rig.Folder, failure.Message);
    }

    public void Dispose() => rig.Dispose();

    /// <summary>Runs a step of upkeep, playing the writer's thread for it.</summary>
    internal static async Task<T> RunAsync<T>(SampleJournal journal, Func<Compactor, Task<T>> step)
    {
        var done = step(journal.Compactor);
        while (!done.IsCompleted)
        {
            journal.Writer.Step();
            await Task.Yield();
        }

        return await done;
    }

    private static IEnumerable<double> Values(IEnumerable<HistorySample> samples) =>
        samples.Select(sample => sample.Value.AsDouble());

    private long CountBlocks()
    {
        using var session = SqliteSession.OpenReadOnly(rig.File);
        return session.Number("SELECT count(*) FROM block");
    }
}
