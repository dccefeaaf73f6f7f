using EdgeTwin.Hosting;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Hosting;

public class GrowthLimitTests
{
    [Fact]
    public async Task What_is_found_is_taken_at_once_and_then_at_most_once_a_minute()
    {
        var time = new ManualTimeProvider();
        var reloads = 0;
        await using var limit = new GrowthLimit(time, () => Interlocked.Increment(ref reloads));
        limit.Grown();
        await time.UntilAsync(() => Volatile.Read(ref reloads) == 1, "the first reload");
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++) limit.Grown();
        time.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal(1, reloads);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, reloads);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, reloads);
    }
}
