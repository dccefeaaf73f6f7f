using System.Threading.Channels;
using EdgeTwin.Alarms;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Twin;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Twin;

public sealed class TwinEngineTests : IAsyncDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly MemoryLog log = new();
    private readonly List<AlarmTransition> transitions = [];
    private readonly TwinBench bench = new();
    private readonly TwinEngine engine;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public TwinEngineTests()
    {
        bench.Source("flow").Derived("mean", "avg(flow, 10s)");
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", OnDelay = TimeSpan.FromSeconds(3), Message = "low" });
        engine = new TwinEngine(bench.Tags, bench.Alarms, [], NoProbe.Instance, log, time, NullLogger.Instance,
            transitions.Add);
    }

    [Fact]
    public async Task A_posted_batch_reaches_the_snapshot_and_the_journal()
    {
        Start();
        await PostAsync(7);
        var snapshot = await engine.SnapshotAsync(stop.Token);
        Assert.True(snapshot.TryFind("flow", out var flow));
        Assert.Equal((7, StatusCode.Good), (flow.Sample.Value.AsDouble(), flow.Sample.Status));
        Assert.Equal(AlarmState.Normal, Assert.Single(snapshot.Alarms).State);
        Assert.Equal(1, snapshot.Counters.SamplesIn);
        Assert.Equal(["alarm.low", "flow", "mean"], log.Samples.Select(sample => bench.Tags[sample.Tag].Name));
    }

    [Fact]
    public async Task Every_change_of_the_live_state_reaches_the_feed_and_a_late_sample_does_not()
    {
        var feed = new TwinFeed(bench.Tags.Count);
        await using var followed = new TwinEngine(bench.Tags, bench.Alarms, [], NoProbe.Instance, log, time,
            NullLogger.Instance, feed: feed);
        var loop = followed.RunAsync(stop.Token);
        bench.Tags.TryFind("flow", out var flow);
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var (value, at) in new[] { (7.0, now), (8.0, now.AddSeconds(-1)), (9.0, now) })
        {
            var batch = SampleBatch.Rent();
            batch.Add(new Sample(flow!.Id, TagValue.From(value), StatusCode.Good, at, now, ClockState.Synchronised));
            await followed.PostAsync(batch, stop.Token);
        }

        await followed.SnapshotAsync(stop.Token);
        var changes = feed.Take().ToArray();
        Assert.Equal([7, 9], changes.Where(change => change.Tag == flow!.Id).Select(change => change.Value.AsDouble()));
        Assert.Contains(changes, change => bench.Tags[change.Tag].Name == "mean");
        Assert.Contains(changes, change => bench.Tags[change.Tag].Name == "alarm.low");
        followed.Complete();
        await loop;
    }

    [Fact]
    public async Task Readers_who_ask_at_the_same_time_get_the_same_snapshot()
    {
        var (first, second) = (engine.SnapshotAsync(stop.Token).AsTask(), engine.SnapshotAsync(stop.Token).AsTask());
        Start();
        Assert.Same(await first, await second);
        Assert.NotSame(await first, await engine.SnapshotAsync(stop.Token));
    }

    [Fact]
    public async Task The_delay_of_an_alarm_ends_while_nothing_comes_in()
    {
        Start();
        await PostAsync(3);
        await engine.SnapshotAsync(stop.Token);
        await time.AdvanceUntilAsync(() =>
            transitions.Count > 0, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        Assert.InRange(transitions[0].Time - TwinBench.Start, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.3));
    }

    [Fact]
    public async Task A_command_is_done_in_its_turn_and_answered()
    {
        Start();
        await PostAsync(3);
        var result = await engine.CommandAsync(new AlarmCommand("low", AlarmAction.Shelve, "anna",
            ShelveFor: TimeSpan.FromHours(1)), stop.Token);
        Assert.Equal(new AlarmCommandResult(AlarmState.Shelved, null), result);
        Assert.NotNull(
            (await engine.CommandAsync(new AlarmCommand("low", AlarmAction.Acknowledge, "anna"), stop.Token)).Refusal);
        Assert.Contains("alarm/low", log.Keys);
    }

    [Fact]
    public async Task A_command_is_answered_only_when_the_journal_has_it_and_not_left_waiting_when_the_twin_stops()
    {
        Start();
        await PostAsync(3);
        await engine.SnapshotAsync(stop.Token);
        log.Fill();
        var command =
            engine.CommandAsync(new AlarmCommand("low", AlarmAction.Suppress, "anna"), CancellationToken.None).AsTask();
        await time.UntilAsync(() => log.Waits > 0);
        Assert.False(command.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command);
    }

    [Fact]
    public async Task A_full_journal_holds_the_loop_then_the_inbox_and_then_the_poster_and_nothing_is_lost()
    {
        log.Fill();
        Start();
        var posted = 0;
        var poster = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++, Volatile.Write(ref posted, i)) await PostAsync(100 + i);
        });
        await time.UntilAsync(() => Volatile.Read(ref posted) == TwinEngine.InboxBatches + 1
            && engine.Waiting == TwinEngine.InboxBatches);
        Assert.False(poster.IsCompleted);
        log.Drain();
        await poster;
        Assert.True((await engine.SnapshotAsync(stop.Token)).Counters.BackPressureWaits > 0);
        var flow = bench.Id("flow");
        Assert.Equal(Enumerable.Range(100, 200).Select(i => (double)i),
            log.Samples.Where(sample => sample.Tag == flow).Select(sample => sample.Value.AsDouble()));
    }

    [Fact]
    public async Task It_finishes_what_waits_before_it_ends_softly()
    {
        for (var i = 0; i < 30; i++) await PostAsync(100 + i);
        engine.Complete();
        Start();
        await running;
        Assert.Equal(30, log.Samples.Count(sample => sample.Tag == bench.Id("flow")));
        await Assert.ThrowsAsync<ChannelClosedException>(() => PostAsync(1).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.SnapshotAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task It_ends_hard_when_cancelled_even_while_the_journal_is_full()
    {
        log.Fill();
        Start();
        await PostAsync(1);
        await time.UntilAsync(() => log.Waits > 0);
        var asked = engine.SnapshotAsync(CancellationToken.None).AsTask();
        await stop.CancelAsync();
        await running;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task It_shows_that_it_is_alive_while_nothing_comes_in()
    {
        Start();
        await time.UntilTimersAsync(1);
        await time.AdvanceUntilAsync(() =>
            engine.LastTurn > TwinBench.Start.AddSeconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_clock_that_is_set_neither_raises_nor_delays_an_alarm(int hours)
    {
        Start();
        await PostAsync(3);
        await engine.SnapshotAsync(stop.Token);
        time.JumpWallClock(TimeSpan.FromHours(hours));
        await engine.SnapshotAsync(stop.Token);
        Assert.Empty(transitions);
        await time.AdvanceUntilAsync(() =>
            transitions.Count > 0, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        Assert.InRange(transitions[0].Time - TwinBench.Start.AddHours(hours), TimeSpan.FromSeconds(3),
            TimeSpan.FromSeconds(3.3));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await engine.DisposeAsync();
        stop.Dispose();
    }

    private void Start() => running = Task.Run(() => engine.RunAsync(stop.Token));

    private ValueTask PostAsync(double flow)
    {
        var batch = SampleBatch.Rent();
        var now = time.UtcNow;
        batch.Add(new Sample(bench.Id("flow"), TagValue.From(flow), StatusCode.Good, now, now,
            ClockState.Synchronised));
        return engine.PostAsync(batch, CancellationToken.None);
    }
}
