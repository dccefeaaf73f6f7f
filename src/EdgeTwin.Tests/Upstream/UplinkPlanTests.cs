using EdgeTwin.Benchmarks;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Upstream;

/// <summary>What an uplink leaves out, holds together and holds back.</summary>
public class UplinkPlanTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly List<Position> received = [];
    private readonly FakeDisk disk = new();
    private readonly TagTable tags = BenchTags.Of(10, TagDataType.Int64, classOf: index => index switch
    {
        8 => TagClass.Alarm,
        9 => TagClass.Bulk,
        _ => TagClass.Process,
    });

    /// <summary>The cursor passes what does not go, and the account says so: it is not lag, and not lost.</summary>
    [Fact]
    public async Task What_the_filter_leaves_out_moves_the_cursor_and_counts_as_filtered()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 3) { Auto = true };
        await using var pump = Pump(outbox, uplink, new MqttUplinkConfig
        {
            Driver = "mqtt",
            Endpoint = new Uri("mqtt://127.0.0.1"),
            Tags = ["tag1", "tag3"],
        });
        outbox.Append(95, clock.UtcNow);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 95);
        Assert.Equal(Enumerable.Range(0, 95).Where(i => i % 10 is 1 or 3).Select(i => new Position(1, i + 1)),
            received);
        var status = pump.Status();
        Assert.Equal((20L, 75L, 0L), (status.Acknowledged, status.Filtered, status.LagSamples));
        Assert.Empty(status.Lost);
        Assert.Equal((20L, 75L), outbox.Account.Epochs[1]);
    }

    /// <summary>Whatever is filtered, sent twice or skipped by a jump, every committed sample ends in the account
    /// exactly once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Every_sample_is_accounted_for_once_whatever_happens_to_the_connection(int seed)
    {
        if (seed == 0) seed = Environment.TickCount;
        var random = new Random(seed);
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 7);
        await using var pump = Pump(outbox, uplink, new MqttUplinkConfig
        {
            Driver = "mqtt",
            Endpoint = new Uri("mqtt://127.0.0.1"),
            Tags = ["tag?", "!tag4"],
            Interval = new Dictionary<string, TimeSpan> { ["tag5"] = TimeSpan.FromSeconds(1) },
        });
        for (var i = 0; i < 300; i++)
        {
            outbox.Append(random.Next(random.Next(10) == 0 ? 9000 : 50), clock.UtcNow);
            if (random.Next(3) == 0) outbox.Commit();
            uplink.Step(random.Next(10), random.Next(10));
            if (random.Next(20) == 0) uplink.Cut();
            clock.Advance(TimeSpan.FromSeconds(random.NextDouble()));
            for (var yields = random.Next(10); yields > 0; yields--) await Task.Run(() => { });
        }

        outbox.Commit();
        uplink.Auto = true;
        uplink.Cut();
        await clock.PassUntilAsync(() => outbox.Cursor == outbox.Head, TimeSpan.FromHours(1));
        var (delivered, filtered) = outbox.Account.Epochs[1];
        Assert.True(delivered + filtered == outbox.Head.Sequence,
            $"seed {seed}: {delivered} + {filtered} of {outbox.Head}");
        Assert.True(delivered <= received.Distinct().Count(), $"seed {seed}");
        Assert.DoesNotContain(received, place => (place.Sequence - 1) % 10 == 4);
        Assert.Equal(Enumerable.Range(0, (int)outbox.Head.Sequence).Count(i => i % 10 is not (4 or 5)),
            received.Distinct().Count(place => (place.Sequence - 1) % 10 is not 5));
    }

    [Fact]
    public void The_last_entry_that_fits_decides_and_classes_count()
    {
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], Going(Config()));
        Assert.Equal([0, 1, 2, 3, 4, 6, 7, 8, 9], Going(Config() with { Tags = ["!tag5"] }));
        Assert.Equal([5], Going(Config() with { Tags = ["tag*", "!*", "tag5"] }));
        Assert.Equal([8], Going(Config() with { Classes = [TagClass.Alarm] }));
        Assert.Equal([9], Going(Config() with { Classes = [TagClass.Bulk], Tags = ["tag?"] }));
    }

    [Fact]
    public void A_deadband_holds_small_changes_back_until_the_heartbeat_but_never_a_change_of_quality()
    {
        var filter = Filter(Config() with { Deadband = new Dictionary<string, string> { ["tag*"] = "2" } });
        var memory = new FilterMemory();
        Assert.True(filter.Passes(Sample(0, 10, 0), memory));
        Assert.False(filter.Passes(Sample(0, 12, 1), memory));
        Assert.True(filter.Passes(Sample(0, 13, 2), memory));
        Assert.False(filter.Passes(Sample(0, 12, 3), memory));
        Assert.True(filter.Passes(Sample(0, 12, 4) with { Status = StatusCode.BadTimeout }, memory));
        Assert.False(filter.Passes(Sample(0, 12, 5) with { Status = StatusCode.BadTimeout }, memory));
        Assert.True(filter.Passes(Sample(0, 12, 64) with { Status = StatusCode.BadTimeout }, memory));
        Assert.True(filter.Passes(Sample(8, 1, 0), memory));
        Assert.True(filter.Passes(Sample(8, 1, 0), memory)); // an alarm
    }

    [Fact]
    public void An_interval_lets_one_sample_of_a_tag_through_and_a_clock_that_was_set_back_does_not_stop_it()
    {
        var filter = Filter(Config() with
        {
            Interval = new Dictionary<string, TimeSpan> { ["tag0"] = TimeSpan.FromSeconds(10) },
        });
        var memory = new FilterMemory();
        Assert.True(filter.Passes(Sample(0, 1, 100), memory));
        Assert.False(filter.Passes(Sample(0, 2, 109), memory));
        Assert.True(filter.Passes(Sample(1, 2, 109), memory)); // another tag
        Assert.True(filter.Passes(Sample(0, 2, 110), memory));
        Assert.True(filter.Passes(Sample(0, 3, 50), memory));
        Assert.False(filter.Passes(Sample(0, 3, 51), memory));
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbcd", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("*.flow", "pump.flow", true)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("flow", "Flow", false)]
    [InlineData("*****x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_pattern_fits_as_in_a_shell(string pattern, string name, bool fits) =>
        Assert.Equal(fits, TagPattern.Fits(pattern, name));

    [Fact]
    public void What_is_wrong_with_a_filter_is_found_in_the_configuration()
    {
        Assert.Empty(SampleFilter.Check(Config() with { Tags = ["!a*"], Deadband = Of("x", "1.5%") }));
        Assert.Contains("'a/b' has '/'", Finding(Config() with { Tags = ["a/b"] }), StringComparison.Ordinal);
        Assert.Contains("'x' is '-1'", Finding(Config() with { Deadband = Of("x", "-1") }), StringComparison.Ordinal);
        Assert.Contains("1%", Finding(Config() with { Deadband = Of("x", "200%") }), StringComparison.Ordinal);

        static string Finding(UplinkConfig config) => Assert.Single(SampleFilter.Check(config)).Message;
        static Dictionary<string, string> Of(string key, string value) => new() { [key] = value };
    }

    [Fact]
    public async Task A_batch_waits_until_it_is_full_or_old_enough()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 1000) { Auto = true };
        await using var pump = Pump(outbox, uplink, new UplinkPlan(DrainOrder.LiveFirst)
        {
            BatchSamples = 100,
            BatchAge = TimeSpan.FromSeconds(1),
        });
        outbox.Append(60, clock.UtcNow);
        await Task.WhenAny(clock.UntilAsync(() => uplink.Messages.Count > 0), YieldAsync());
        Assert.Empty(uplink.Messages);
        outbox.Append(40, clock.UtcNow);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 100);
        Assert.Equal([100], uplink.Messages);
        outbox.Append(5, clock.UtcNow);
        await clock.AdvanceUntilAsync(() =>
            outbox.Cursor.Sequence == 105, TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(2));
        Assert.Equal([100, 5], uplink.Messages);
    }

    [Fact]
    public async Task An_alarm_does_not_wait_for_a_batch()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 1000) { Auto = true };
        await using var pump = Pump(outbox, uplink, Config() with
        {
            Batch = new BatchConfig { Age = TimeSpan.FromHours(1) },
        });
        outbox.Append(9, clock.UtcNow); // the last one is of the alarm
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 9);
    }

    /// <summary>Each tenth sample of the backlog is an alarm.</summary>
    [Fact]
    public async Task Alarms_of_a_backlog_go_before_its_process_values()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(10_000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 10, 100);
        await using var pump = Pump(outbox, uplink, Config());
        while (received.Count < 200)
        {
            await clock.UntilAsync(() => uplink.Unproven > 0);
            uplink.Step(1, 1);
        }

        Assert.All(received, place => Assert.Equal(9, place.Sequence % 10));
        uplink.Auto = true;
        uplink.Cut(); // what was proven does not go again, what was not does
        await clock.PassUntilAsync(() => outbox.Cursor == outbox.Head, TimeSpan.FromHours(1));
        Assert.Equal(10_000, received.Distinct().Count());
        Assert.InRange(received.Count, 10_000, 10_000 + 10 * 100);
        Assert.Equal((10_000L, 0L), outbox.Account.Epochs[1]);
    }

    /// <summary>It is recorded again and again while it stands; the process values between are passed over.</summary>
    [Fact]
    public async Task An_alarm_that_does_not_change_goes_ahead_once()
    {
        var outbox = new FakeOutbox(disk);
        for (var i = 1; i <= 5000; i++) outbox.Put(TagValue.From(i % 1000 == 0 ? i / 3000L : i), clock.UtcNow,
            i % 1000 == 0 ? 8 : 0);
        outbox.Append(0, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 10, 100);
        await using var pump = Pump(outbox, uplink, Config());
        while (received.Count < 500)
        {
            await clock.UntilAsync(() => uplink.Unproven > 0);
            uplink.Step(1, 1);
        }

        Assert.Equal([1000L, 3000L], received.Select(place => place.Sequence).Where(place => place % 1000 == 0));
    }

    /// <summary>Where the order counts more, nothing goes ahead.</summary>
    [Fact]
    public async Task Alarms_keep_their_place_when_history_goes_first()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(5000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 10, 100) { Auto = true };
        await using var pump = Pump(outbox, uplink, Config() with { Order = DrainOrder.HistoryFirst });
        await clock.UntilAsync(() => outbox.Cursor == outbox.Head);
        Assert.Equal(Enumerable.Range(1, 5000).Select(place => new Position(1, place)), received);
    }

    /// <summary>History waits until the disk has its cursor, so that a crash sends no more than a window again. What
    /// is not committed itself need not wait for that.</summary>
    [Fact]
    public async Task Live_samples_go_while_history_waits_for_the_disk()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(20_000, clock.UtcNow);
        outbox.Commit();
        outbox.IsFull = true;
        var uplink = new FakeUplink(received, 10, 100) { Auto = true };
        await using var pump = Pump(outbox, uplink, new UplinkPlan(DrainOrder.LiveFirst));
        await clock.UntilAsync(() => pump.Status().Messages == 10);
        var past = received.Count;
        for (var live = 20_001; live <= 20_010; live++)
        {
            await YieldAsync();
            outbox.Append(1, clock.UtcNow);
            await clock.UntilAsync(() => received.Contains(new Position(1, live)));
        }

        Assert.Equal(past + 10, received.Count);
        outbox.IsFull = false;
        await clock.PassUntilAsync(() => outbox.Cursor.Sequence == 20_010, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_backlog_goes_at_its_rate_and_live_samples_at_once()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(20_000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 100, 100) { Auto = true };
        await using var pump = Pump(outbox, uplink,
            new UplinkPlan(DrainOrder.LiveFirst) { DrainRate = 1000 });
        await YieldAsync();
        for (var live = 20_001; live <= 20_010; live++) // each while the pump waits for its rate, which the clock gives
        {
            outbox.Append(1, clock.UtcNow);
            await clock.UntilAsync(() => received.Contains(new Position(1, live)));
        }

        Assert.InRange(received.Count, 10, 1000);
        await clock.AdvanceUntilAsync(() => clock.Elapsed >= TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.05),
            TimeSpan.FromSeconds(11));
        Assert.InRange(received.Count, 5000, 11_000);
        await clock.AdvanceUntilAsync(() => outbox.Cursor.Sequence == 20_010, TimeSpan.FromSeconds(0.2),
            TimeSpan.FromSeconds(60));
        Assert.Equal(20_010, received.Count);
    }

    private static async Task YieldAsync()
    {
        for (var i = 0; i < 200; i++) await Task.Run(() => { });
    }

    private static MqttUplinkConfig Config() => new() { Driver = "mqtt", Endpoint = new Uri("mqtt://127.0.0.1") };

    private static Sample Sample(int tag, long value, double second) => new(
        new TagId(tag), TagValue.From(value), StatusCode.Good, DateTime.UnixEpoch.AddSeconds(second),
        DateTime.UnixEpoch.AddSeconds(second), ClockState.Synchronised);

    private SampleFilter Filter(UplinkConfig config) => SampleFilter.From(config, tags);

    private IEnumerable<int> Going(UplinkConfig config)
    {
        var filter = Filter(config);
        return Enumerable.Range(0, 10).Where(tag => filter.Passes(Sample(tag, 1, 0), new FilterMemory()));
    }

    private UplinkPump Pump(IOutbox outbox, IUplink uplink, UplinkConfig config) =>
        Pump(outbox, uplink, UplinkPlan.From(config, tags));

    private UplinkPump Pump(IOutbox outbox, IUplink uplink, UplinkPlan plan)
    {
        var pump = new UplinkPump("site", uplink, outbox, plan, clock, new Random(1), NullLogger.Instance);
        pump.Start();
        return pump;
    }
}
