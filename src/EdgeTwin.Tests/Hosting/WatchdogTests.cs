using EdgeTwin.Hosting;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Hosting;

public class WatchdogTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly CollectingLogger logger = new();
    private long beats;
    private int fed;

    [Theory]
    [InlineData("30000000", "", 30.0)]
    [InlineData("30000000", "42", 30.0)]
    [InlineData("30000000", "43", null)]
    [InlineData("0", "", null)]
    [InlineData("-1", "", null)]
    [InlineData("soon", "", null)]
    [InlineData("9223372036854775807", "", null)]
    [InlineData(null, null, null)]
    public void It_is_asked_for_by_the_environment_of_this_process_only(string? usec, string? pid, double? seconds) =>
        Assert.Equal(seconds, Watchdog.Timeout(usec, pid, ownPid: 42)?.TotalSeconds);

    [Fact]
    public async Task It_is_fed_at_half_the_interval_while_the_twin_moves()
    {
        using var stop = new CancellationTokenSource();
        var run = Run(stop.Token);
        Assert.Equal(1, fed);

        for (var turn = 1; turn <= 5; turn++)
        {
            beats++;
            clock.Advance(TimeSpan.FromSeconds(14));
            Assert.Equal(turn, fed);
            clock.Advance(TimeSpan.FromSeconds(1));
            await clock.UntilAsync(() => fed == turn + 1, "feeding");
        }

        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task It_is_not_fed_while_the_twin_stands_still_and_the_log_says_so_once()
    {
        using var stop = new CancellationTokenSource();
        var run = Run(stop.Token);

        clock.Advance(TimeSpan.FromSeconds(15));
        await clock.UntilAsync(() => logger.Lines.Count == 1, "the standstill in the log");
        clock.Advance(TimeSpan.FromSeconds(15));
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, fed);

        beats++;
        await clock.AdvanceUntilAsync(() => fed == 2, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2));
        Assert.Equal([1710, 1711], logger.Lines.Select(l => l.Id));

        await stop.CancelAsync();
        await run;
    }

    private Task Run(CancellationToken cancellation) => new Watchdog(
        TimeSpan.FromSeconds(30), () => Volatile.Read(ref beats), () =>
            Interlocked.Increment(ref fed) > 0, clock, logger)
        .RunAsync(cancellation);
}
