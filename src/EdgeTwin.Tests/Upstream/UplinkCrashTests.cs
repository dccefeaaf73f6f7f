using System.Globalization;
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

    /// <summary><c>EDGETWIN_LOSS_ROUNDS</c> says how many; each has a new seed.</summary>
    [Fact]
    public async Task Whatever_crashes_the_receiver_can_prove_that_nothing_is_missing()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("EDGETWIN_LOSS_ROUNDS") ?? "8",
            CultureInfo.InvariantCulture);
        var first = Environment.TickCount;
        log.WriteLine($"{rounds} rounds, seeds from {first} on");
        var faults = 0;
        var samples = 0L;
        for (var round = 0; round < rounds; round++)
        {
            var simulation = new CrashSimulation(first + round);
            await simulation.RunAsync();
            faults += simulation.Faults;
            samples += simulation.Received;
        }

        log.WriteLine($"{faults} faults, {samples} samples received");
        Assert.True(faults > rounds * 20, $"{faults} faults"); // control
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Seeds_that_once_were_good_stay_good(int seed) => new CrashSimulation(seed).RunAsync();

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

    private async Task DrainAsync(FakeOutbox outbox, FakeUplink uplink)
    {
        outbox.Commit();
        uplink.Up = true;
        uplink.Auto = true;
        uplink.Cut();
        await clock.PassUntilAsync(() => outbox.Cursor == outbox.Head, TimeSpan.FromHours(1));
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
