namespace EdgeTwin.Tests.Support;

public class ManualTimeProviderTests
{
    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_loop_of_delays_sees_each_due_time_inside_one_advance()
    {
        var seen = new List<TimeSpan>();
        var loop = SleepThriceAsync(seen);
        time.Advance(TimeSpan.FromSeconds(10));
        await time.UntilAsync(() => loop.IsCompleted);
        await loop;
        Assert.Equal([1, 2, 3], seen.Select(s => s.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(10), time.Elapsed);
    }

    [Fact]
    public async Task A_periodic_timer_ticks_and_stops_when_disposed()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        var tick = timer.WaitForNextTickAsync();
        Assert.False(tick.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(await tick);
        timer.Dispose();
        Assert.Equal(0, time.PendingTimers);
    }

    [Fact]
    public void A_cancellation_source_cancels_at_its_time_and_not_before()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(source.IsCancellationRequested);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void Timers_fire_in_order_of_due_time_then_of_creation()
    {
        var order = new List<string>();
        using var late =
            time.CreateTimer(_ => order.Add("late"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var first =
            time.CreateTimer(_ => order.Add("first"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var second =
            time.CreateTimer(_ => order.Add("second"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["first", "second", "late"], order);
    }

    [Fact]
    public void A_changed_timer_forgets_its_old_time_and_a_disposed_one_all_of_it()
    {
        var fired = 0;
        using var timer = time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, fired);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, fired);
        timer.Dispose();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, fired);
        Assert.Equal(0, time.PendingTimers);
    }

    [Fact]
    public async Task A_timer_that_is_due_at_once_fires_without_an_advance()
    {
        var fired = new TaskCompletionSource();
        using var timer = time.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_jump_of_the_wall_clock_moves_neither_timers_nor_monotonic_time()
    {
        var fired = false;
        using var timer = time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        var before = time.UtcNow;
        var stamp = time.GetTimestamp();
        time.JumpWallClock(TimeSpan.FromHours(1));
        Assert.Equal(before.AddHours(1), time.UtcNow);
        Assert.Equal(TimeSpan.Zero, time.GetElapsedTime(stamp));
        Assert.False(fired);
    }

    // Without the test's synchronization context, to which a continuation is posted: it may come after the advance.
    private async Task SleepThriceAsync(List<TimeSpan> seen)
    {
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time).ConfigureAwait(false);
            seen.Add(time.Elapsed);
        }
    }
}
