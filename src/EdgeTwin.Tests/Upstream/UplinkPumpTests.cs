using EdgeTwin.Journal;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Upstream;

public class UplinkPumpTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly FakeDisk disk = new();
    private readonly List<Position> received = [];

    [Fact]
    public async Task What_is_proven_delivered_moves_the_cursor_and_nothing_else_does()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 1);
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        outbox.Append(5, clock.UtcNow);
        await clock.UntilAsync(() => uplink.Unproven == 5);
        uplink.Step(5, 3); // all arrive, three are acknowledged
        outbox.Append(1, clock.UtcNow);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 3 && uplink.Unproven == 3);
        Assert.Equal(3, pump.Status().LagSamples);
        uplink.Step(1, 3);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 6);
        Assert.Equal((0, 6, 6, 0),
            (pump.Status().LagSamples, pump.Status().Sent, pump.Status().Acknowledged, pump.Status().Resent));
    }

    [Fact]
    public async Task A_far_side_that_is_away_costs_lag_and_nothing_else()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 7) { Up = false, Auto = true };
        await using var pump = Pump(outbox, uplink, DrainOrder.HistoryFirst);
        outbox.Append(10_000, clock.UtcNow);
        await clock.AdvanceUntilAsync(() => clock.Elapsed > TimeSpan.FromHours(1)
            && pump.Status().Lag > TimeSpan.FromMinutes(59),
            TimeSpan.FromSeconds(20), TimeSpan.FromHours(2));
        var status = pump.Status();
        Assert.Equal((10_000L, "nobody there", 0L), (status.LagSamples, status.LastError, status.Sent));
        Assert.NotEqual(UplinkState.Connected, status.State);
        Assert.Equal(0, outbox.Cursor.Sequence);

        uplink.Up = true;
        await clock.AdvanceUntilAsync(() =>
            outbox.Cursor.Sequence == 10_000, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
        status = pump.Status();
        Assert.Equal((UplinkState.Connected, 0L, TimeSpan.Zero), (status.State, status.LagSamples, status.Lag));
        AssertGapFree();
        Assert.Equal(10_000, received.Count);
    }

    [Fact]
    public async Task History_first_keeps_the_order_of_the_sequence()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(9000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 20, 10);
        await using var pump = Pump(outbox, uplink, DrainOrder.HistoryFirst);
        await DrainByHandAsync(outbox, uplink, 9500, () => outbox.Append(5, clock.UtcNow), 100);
        Assert.Equal(received.Order(), received);
        Assert.Equal(9500, received.Count);
    }

    [Fact]
    public async Task Live_first_sends_what_is_new_at_once_and_history_between()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(9000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 10, 10);
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        await clock.UntilAsync(() => uplink.Unproven > 0);
        outbox.Append(10, clock.UtcNow);
        var messages = 0;
        while (!received.Contains(new Position(1, 9001)))
        {
            await clock.UntilAsync(() => uplink.Unproven > 0);
            uplink.Step(1, 1);
            messages++;
        }
        Assert.InRange(messages, 1, 10); // it stood behind at most the window
        // control: history was on its way too
        Assert.InRange(received.Count(position => position.Sequence <= 9000), 1, 200);

        await DrainByHandAsync(outbox, uplink, 9510, () => outbox.Append(5, clock.UtcNow), 100);
        var history = received.Where(position => position.Sequence <= 9000).ToList();
        var live = received.Where(position => position.Sequence > 9000).ToList();
        Assert.Equal(history.Order(), history);
        Assert.Equal(live.Order(), live);
        Assert.Equal(9510, received.Count);
        Assert.Empty(outbox.Ahead);
    }

    [Fact]
    public async Task What_is_not_committed_is_never_skipped()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(20_000, clock.UtcNow); // a disk that hangs: nothing is committed
        var uplink = new FakeUplink(received, 10, 10);
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        await DrainByHandAsync(outbox, uplink, 20_500, () => outbox.Append(5, clock.UtcNow), 100, commit: false);
        Assert.Equal(received.Order(), received);
    }

    [Fact]
    public async Task After_a_cut_only_what_was_in_flight_goes_twice()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 1);
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        outbox.Append(30, clock.UtcNow);
        await clock.UntilAsync(() => uplink.Unproven == 10);
        uplink.Step(8, 5);
        await clock.UntilAsync(() => uplink.Unproven == 10);
        uplink.Cut();
        uplink.Auto = true;
        await clock.AdvanceUntilAsync(() =>
            outbox.Cursor.Sequence == 30, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        AssertGapFree();
        Assert.Equal(3, received.Count - received.Distinct().Count()); // arrived but not acknowledged
        Assert.Equal(10, pump.Status().Resent);
        Assert.Equal(2, uplink.Connects);
    }

    [Fact]
    public async Task What_retention_removed_is_skipped_and_counted()
    {
        var outbox = new FakeOutbox(disk) { Removed = new Position(1, 400) };
        outbox.Append(1000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 10, 10) { Auto = true };
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 1000);
        Assert.Equal(600, received.Count);
        Assert.Equal(400, pump.Status().Lost["size"]);
        Assert.Equal(new Hole(default, new Position(1, 401)), Assert.Single(outbox.Account.Holes));
        outbox.Append(1, clock.UtcNow);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 1001);
    }

    [Fact]
    public async Task What_the_far_side_never_takes_is_given_up_alone_and_what_follows_goes_on()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(100, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, 10, 10) { Auto = true };
        uplink.Refused.UnionWith([31, 32, 70]);
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        await clock.UntilAsync(() => outbox.Cursor.Sequence == 100);
        Assert.Equal(97, received.Count);
        Assert.Equal((3L, 97L, "it is not wanted"),
            (pump.Status().Lost["refused"], pump.Status().Acknowledged, pump.Status().LastRefusal));
        Assert.Equal([31L, 32L, 70L], outbox.Account.Holes.Where(hole => hole.IsRefused)
            .Select(hole => hole.Before.Sequence - 1));
    }

    [Fact]
    public async Task A_soft_stop_delivers_what_there_is_and_says_good_bye()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 10) { Auto = true };
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        await clock.UntilAsync(() => pump.Status().State == UplinkState.Connected);
        outbox.Append(5000, clock.UtcNow);
        await pump.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((5000L, UplinkState.Stopped), (outbox.Cursor.Sequence, pump.Status().State));
        Assert.True(uplink.Disconnects > 0);
    }

    [Fact]
    public async Task A_soft_stop_does_not_wait_longer_than_told_for_a_far_side_that_is_stuck()
    {
        var outbox = new FakeOutbox(disk);
        var uplink = new FakeUplink(received, 10, 10);
        await using var pump = Pump(outbox, uplink, DrainOrder.LiveFirst);
        outbox.Append(5000, clock.UtcNow);
        await clock.UntilAsync(() => uplink.Unproven == 10);
        var stopping = pump.StopAsync(TimeSpan.FromSeconds(0.5));
        Assert.False(stopping.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.6));
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, outbox.Cursor.Sequence);
    }

    [Fact]
    public void Attempts_back_off_to_half_a_minute_and_start_over()
    {
        var delay = new ReconnectDelay(new Random(1));
        var delays = Enumerable.Range(0, 20).Select(_ => delay.Next().TotalSeconds).ToList();
        Assert.InRange(delays[0], 0.25, 0.5);
        Assert.All(delays.Skip(8), seconds => Assert.InRange(seconds, 15, 30));
        Assert.True(delays.Skip(8).Distinct().Count() > 5); // no two gateways in step
        delay.Reset();
        Assert.InRange(delay.Next().TotalSeconds, 0.25, 0.5);
    }

    private UplinkPump Pump(IOutbox outbox, IUplink uplink, DrainOrder order) =>
        Pump(outbox, uplink, new UplinkPlan(order));

    private UplinkPump Pump(IOutbox outbox, IUplink uplink, UplinkPlan plan)
    {
        var pump = new UplinkPump("site", uplink, outbox, plan, clock, new Random(1), NullLogger.Instance);
        pump.Start();
        return pump;
    }

    private async Task DrainByHandAsync(FakeOutbox outbox, FakeUplink uplink, long until, Action between, int times,
        bool commit = true)
    {
        for (var turn = 0; outbox.Cursor.Sequence < until; turn++)
        {
            if (turn < times) between();
            await clock.UntilAsync(() => uplink.Unproven > 0 || outbox.Cursor.Sequence >= until);
            uplink.Step(3, 3);
            if (commit) outbox.Commit();
        }
    }

    private void AssertGapFree() => Assert.Equal(
        Enumerable.Range(1, (int)received.Max().Sequence).Select(i => (long)i),
        received.Select(p => p.Sequence).Distinct().Order());
}
