using EdgeTwin.Journal;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Upstream;

/// <summary>A gateway that is killed, a broker that flaps, a journal that commits when it likes; and an auditor at the
/// far side.</summary>
public class UplinkCrashTests(ITestOutputHelper log)
{
    private readonly ManualTimeProvider clock = new();
    private readonly List<Position> received = [];
    private readonly FakeDisk disk = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(0)] // a new seed every time
    public async Task Whatever_crashes_the_receiver_can_prove_that_nothing_is_missing(int seed)
    {
        if (seed == 0) seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var crashes = 0;
        for (var life = 0; life < 6; life++)
        {
            var order = random.Next(4) == 0 ? DrainOrder.HistoryFirst : DrainOrder.LiveFirst;
            var outbox = new FakeOutbox(disk);
            var uplink = new FakeUplink(received, random.Next(1, 40), random.Next(1, 60));
            var pump = new UplinkPump("site", uplink, outbox, new UplinkPlan(order), clock, random, NullLogger.Instance);
            pump.Start();
            for (var i = 0; i < 150; i++) await ActAsync(random, outbox, uplink);
            if (life < 5)
            {
                uplink.Kill();
                crashes++;
            }
            else
            {
                await DrainAsync(outbox, uplink);
            }
            await pump.DisposeAsync();
        }
        Assert.Equal(5, crashes);
        Audit(seed);
    }

    /// <summary>A backlog drains between two commits of the journal; then the power goes. Without saves on the way all
    /// that was delivered since the last commit would go again.</summary>
    [Fact]
    public async Task What_a_crash_in_the_middle_of_a_backlog_sends_again_is_within_the_window()
    {
        const int Window = 10;
        var outbox = new FakeOutbox(disk);
        outbox.Append(5000, clock.UtcNow);
        outbox.Commit();
        var uplink = new FakeUplink(received, Window, 1);
        var pump = new UplinkPump("site", uplink, outbox, new UplinkPlan(DrainOrder.HistoryFirst), clock, new Random(1),
            NullLogger.Instance);
        pump.Start();
        while (received.Count < 500)
        {
            await clock.UntilAsync(() => uplink.Unproven > 0);
            uplink.Step(Window, Window);
        }

        uplink.Kill();
        Assert.NotEqual(0, outbox.Saves); // control: the cursor did not wait for a commit
        Assert.InRange(received.Count - disk.Cursor.Sequence, 0, Window);
        await pump.DisposeAsync();
    }

    /// <summary>Live data runs ahead of a backlog of which half is not committed; then the power goes.</summary>
    [Fact]
    public async Task Live_data_ahead_of_a_crash_leaves_no_hole()
    {
        var outbox = new FakeOutbox(disk);
        outbox.Append(10_000, clock.UtcNow);
        outbox.Commit();
        outbox.Append(10_000, clock.UtcNow);
        var uplink = new FakeUplink(received, 10, 10);
        var pump = new UplinkPump("site", uplink, outbox, new UplinkPlan(DrainOrder.LiveFirst), clock, new Random(1),
            NullLogger.Instance);
        pump.Start();
        for (var turn = 0; turn < 50; turn++)
        {
            await clock.UntilAsync(() => uplink.Unproven > 0);
            outbox.Append(5, clock.UtcNow);
            uplink.Step(5, 5);
        }
        uplink.Kill();
        await pump.DisposeAsync();
        Assert.Contains(received, position => position.Sequence > 10_000); // control: live data did run ahead
        Assert.DoesNotContain(new Position(1, 10_000), received);

        var next = new FakeOutbox(disk);
        var second = new FakeUplink(received, 10, 10);
        await using var restarted = new UplinkPump("site", second, next, new UplinkPlan(DrainOrder.LiveFirst), clock,
            new Random(1), NullLogger.Instance);
        restarted.Start();
        next.Append(1, clock.UtcNow);
        await DrainAsync(next, second);
        Audit(0);
    }

    private async Task ActAsync(Random random, FakeOutbox outbox, FakeUplink uplink)
    {
        switch (random.Next(20))
        {
            case < 6:
                outbox.Append(random.Next(1, random.Next(3) == 0 ? 9000 : 100), clock.UtcNow);
                break;
            case < 7:
                outbox.Commit();
                break;
            case < 16:
                uplink.Step(random.Next(50), random.Next(50));
                break;
            case 16:
                uplink.Cut();
                break;
            case 17:
                uplink.Up = !uplink.Up;
                break;
            default:
                clock.Advance(TimeSpan.FromSeconds(random.NextDouble()));
                break;
        }
        for (var i = random.Next(12); i > 0; i--) await Task.Run(() => { }); // room for the pump's thread
    }

    private async Task DrainAsync(FakeOutbox outbox, FakeUplink uplink)
    {
        outbox.Commit();
        uplink.Up = true;
        uplink.Auto = true;
        uplink.Cut();
        await clock.AdvanceUntilAsync(() =>
            outbox.Cursor == outbox.Head, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        Assert.Empty(outbox.Ahead);
        outbox.Commit();
    }

    // Per epoch a gap-free 1..n, and at least what was committed. A crash may have delivered more than was kept.
    private void Audit(int seed)
    {
        var epochs = received.GroupBy(position => position.Epoch).ToDictionary(group => group.Key, group =>
            group.Select(p => p.Sequence).ToHashSet());
        foreach (var (epoch, kept) in disk.Epochs)
        {
            if (kept.Count == 0 && !epochs.ContainsKey(epoch)) continue;
            var sequences = epochs[epoch];
            var missing =
                Enumerable.Range(1, (int)sequences.Max()).FirstOrDefault(sequence => !sequences.Contains(sequence));
            Assert.True(missing == 0, $"seed {seed}: epoch {epoch} lacks {missing} of {sequences.Max()}");
            Assert.True(sequences.Max() >= kept.Count,
                $"seed {seed}: epoch {epoch} ends at {sequences.Max()} of {kept.Count}");
        }
        log.WriteLine(
            $"{received.Count} samples received, {received.Distinct().Count()} different, {epochs.Count} epochs");
    }
}
