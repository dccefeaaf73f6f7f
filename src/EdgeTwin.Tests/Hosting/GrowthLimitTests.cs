using EdgeTwin.Hosting;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Hosting;

public class GrowthLimitTests
{
    [Fact]
    public async Task What_is_found_is_taken_at_once_and_then_at_most_once_a_minute()
    {
        var time = new ManualTimeProvider();
        var reloads = new List<TimeSpan>();
        await using var limit = new GrowthLimit(time, () => reloads.Add(time.Elapsed));
        var start = time.Elapsed;
        limit.Grown();
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++) limit.Grown();
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, reloads.Count);
        Assert.True(reloads[1] - reloads[0] >= GrowthLimit.Interval, $"{reloads[0] - start}, {reloads[1] - start}");
    }
}
