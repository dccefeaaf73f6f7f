using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.Mqtt;

public class SendWindowTests
{
    [Fact]
    public void A_smaller_window_withholds_what_comes_back_and_a_larger_one_gives_at_once()
    {
        using var window = new SendWindow(4);
        for (var i = 0; i < 4; i++) Assert.True(window.TryTake());
        window.Resize(2);
        window.Free(2); // two of the four are out still: the window of two is full
        Assert.False(window.TryTake());
        window.Free(1);
        Assert.True(window.TryTake());
        Assert.False(window.TryTake());
        window.Resize(3);
        Assert.True(window.TryTake());
        Assert.False(window.TryTake());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void There_are_never_more_places_out_than_the_window_has_unless_it_shrank(int seed)
    {
        var random = new Random(seed);
        using var window = new SendWindow(10);
        var size = 10;
        var taken = 0;
        for (var i = 0; i < 10_000; i++)
        {
            switch (random.Next(5))
            {
                case 0:
                    size = random.Next(1, 20);
                    window.Resize(size);
                    break;
                case 1 or 2 when taken > 0:
                    window.Free(1);
                    taken--;
                    break;
                default:
                    Assert.Equal(taken < size, window.TryTake());
                    if (taken < size) taken++;
                    break;
            }
        }
    }
}
