using EdgeTwin.Sources;

namespace EdgeTwin.Tests.Sources;

public class ScanScheduleTests
{
    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Theory]
    [InlineData(30, 0, 100)] // in time
    [InlineData(99.5, 0, 100)]
    [InlineData(100, 0, 100)] // exactly when the next is due: not too late
    [InlineData(100.1, 1, 200)]
    [InlineData(330, 3, 400)]
    [InlineData(400, 3, 400)]
    public void After_the_first_scan(double endsAt, int skipped, double nextDue)
    {
        var schedule = new ScanSchedule(Ms(1000), Ms(100));
        Assert.Equal(Ms(1000), schedule.Due);
        Assert.Equal(skipped, schedule.MoveOn(Ms(1000 + endsAt)));
        Assert.Equal(Ms(1000 + nextDue), schedule.Due);
    }

    [Fact]
    public void A_timer_that_fires_early_does_not_repeat_a_scan()
    {
        var schedule = new ScanSchedule(Ms(0), Ms(100));
        schedule.MoveOn(Ms(1));
        Assert.Equal(0, schedule.MoveOn(Ms(99.7))); // scan 1, begun and done before its time
        Assert.Equal(Ms(200), schedule.Due);
    }

    [Fact]
    public void Whatever_scans_last_every_period_is_scanned_or_counted_once()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var schedule = new ScanSchedule(Ms(random.Next(1000)), Ms(1 + random.Next(500)));
            var (start, now) = (schedule.Due, schedule.Due);
            long scans = 0, skipped = 0;
            var period = Ms(0);
            for (var i = 0; i < 50; i++)
            {
                scans++;
                now += Ms(random.NextDouble() * (random.Next(5) == 0 ? 3000 : 200));
                var before = schedule.Due;
                var left = schedule.MoveOn(now);
                period = (schedule.Due - before) / (left + 1);
                skipped += left;
                Assert.True(schedule.Due > before, $"seed {seed}");
                Assert.True(schedule.Due - now <= period, $"seed {seed}: a whole period is lost");
                now = now > schedule.Due ? now : schedule.Due;
            }

            Assert.True(Math.Round((schedule.Due - start) / period) == scans + skipped, $"seed {seed}");
        }
    }
}
