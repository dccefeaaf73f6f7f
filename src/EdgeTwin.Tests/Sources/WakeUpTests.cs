using EdgeTwin.Sources;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources;

public class WakeUpTests
{
    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_sleep_ends_with_its_time_and_can_be_slept_again()
    {
        var wake = new WakeUp(time);
        for (var i = 0; i < 3; i++)
        {
            var sleep = wake.SleepAsync(TimeSpan.FromMilliseconds(10.2)).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(10.2));
            Assert.False(sleep.IsCompleted); // rounded up to the timer's whole millisecond
            time.Advance(TimeSpan.FromMilliseconds(0.8));
            await sleep.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task A_bell_before_the_sleep_is_not_lost_and_rings_once()
    {
        var wake = new WakeUp(time);
        wake.Ring();
        wake.Ring();
        Assert.True(wake.SleepAsync(TimeSpan.FromDays(1)).AsTask().IsCompletedSuccessfully);
        var next = wake.SleepAsync(TimeSpan.FromDays(1)).AsTask();
        Assert.False(next.IsCompleted);
        wake.Ring();
        await next.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task No_bell_is_lost_between_falling_asleep_and_sleeping()
    {
        var wake = new WakeUp(time);
        for (var i = 0; i < 2000; i++)
        {
            var ring = Task.Run(wake.Ring);
            // The clock stands still: only the bell can end this.
            await wake.SleepAsync(TimeSpan.FromDays(1)).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            await ring;
        }
    }
}
