using EdgeTwin.Configuration;

namespace EdgeTwin.Tests.Configuration;

public class DurationTextTests
{
    [Theory]
    [InlineData("100ms", 100)]
    [InlineData("3s", 3_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("30d", 2_592_000_000)]
    [InlineData("0s", 0)]
    [InlineData("0.5ms", 0.5)]
    public void A_duration_is_a_number_and_a_unit(string text, double milliseconds) =>
        Assert.Equal(milliseconds, DurationText.Parse(text, out _)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("s")]
    [InlineData("-3s")]
    [InlineData("5min")]
    [InlineData("1e3s")]
    [InlineData("1 s")]
    [InlineData("1.s")]
    [InlineData("1,5s")]
    [InlineData("99999999999999999999s")]
    [InlineData("999999d")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        Assert.Null(DurationText.Parse(text, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void What_is_written_is_read_back_exactly()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var duration = TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerDay * 1000) / (
                i % 2 == 0 ? 1 : TimeSpan.TicksPerSecond) * (i % 3 == 0 ? TimeSpan.TicksPerSecond / 1000 : 1));
            if (duration.TotalDays < 36_525)
                Assert.Equal(duration, DurationText.Parse(DurationText.Format(duration), out _));
        }
    }
}
