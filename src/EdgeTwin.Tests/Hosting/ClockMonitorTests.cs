using EdgeTwin.Hosting;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Hosting;

public class ClockMonitorTests
{
    private const int Good = 0x2001; // STA_NANO | STA_PLL
    private const int Unsynchronised = 0x0040; // STA_UNSYNC

    private readonly ManualTimeProvider clock = new();
    private readonly CollectingLogger logger = new();
    private KernelClock? kernel;
    private int asked;

    [Theory]
    [InlineData(0, Good, nameof(ClockState.Synchronised))]
    [InlineData(3, Good, nameof(ClockState.Synchronised))] // TIME_OOP: a leap second is no fault
    [InlineData(5, Good | Unsynchronised, nameof(ClockState.Unsynchronised))]
    [InlineData(0, Unsynchronised, nameof(ClockState.Unsynchronised))]
    [InlineData(5, Good, nameof(ClockState.Unsynchronised))]
    public void The_kernel_decides(int state, int status, string expected)
    {
        kernel = new KernelClock(state, status, 10_000);
        Assert.Equal(expected, Monitor().State.ToString());
    }

    [Fact]
    public void A_kernel_that_does_not_say_counts_as_unsynchronised()
    {
        kernel = null;
        Assert.Equal(ClockState.Unsynchronised, Monitor().State);
    }

    [Fact]
    public void The_kernel_is_asked_every_ten_seconds_and_only_changes_are_logged()
    {
        kernel = new KernelClock(5, Unsynchronised, 10_000);
        var monitor = Monitor();
        for (var i = 0; i < 1000; i++) Assert.Equal(ClockState.Unsynchronised, monitor.State);
        Assert.Equal(1, asked);

        kernel = new KernelClock(0, Good, 10_000);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(ClockState.Unsynchronised, monitor.State);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(ClockState.Synchronised, monitor.State);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ClockState.Synchronised, monitor.State);

        Assert.Equal(3, asked);
        Assert.Equal(["The clock is Unsynchronised", "The clock is Synchronised"], logger.Lines.Select(l => l.Text));
    }

    [Fact]
    public void A_jump_of_the_wall_clock_does_not_stop_the_asking()
    {
        kernel = new KernelClock(5, Unsynchronised, 10_000);
        var monitor = Monitor();
        Assert.Equal(ClockState.Unsynchronised, monitor.State);

        // What NTP does to a board without a clock battery: 1970 becomes today, or a wrong date goes back.
        clock.JumpWallClock(TimeSpan.FromDays(-20_000));
        kernel = new KernelClock(0, Good, 10_000);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ClockState.Synchronised, monitor.State);
    }

    [Fact]
    public void The_real_kernel_answers_and_the_fields_lie_where_they_are_read()
    {
        var real = KernelClock.Read();
        Assert.NotNull(real);
        Assert.InRange(real.Value.State, 0, 5);
        Assert.InRange(real.Value.Status, 0, 0xFFFF);
        Assert.InRange(real.Value.TickMicroseconds, 9_000, 11_000);
    }

    private ClockMonitor Monitor() => new(clock, logger, () =>
    {
        asked++;
        return kernel;
    });
}
