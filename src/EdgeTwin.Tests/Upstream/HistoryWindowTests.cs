using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Upstream;

public class HistoryWindowTests
{
    [Fact]
    public void It_closes_while_proofs_wait_in_a_queue_and_opens_when_they_do_not()
    {
        var window = new HistoryWindow(50);
        Assert.Equal(50, window.Limit);
        Prove(window, 1, times: 1);
        Prove(window, 10, times: 100);
        Assert.Equal(25, window.Limit);
        Prove(window, 10, times: 1000);
        Assert.Equal(5, window.Limit);
        Prove(window, 2, times: 40);
        Assert.Equal(15, window.Limit);
        Prove(window, 2, times: 1000);
        Assert.Equal(50, window.Limit);
    }

    /// <summary>A way of half a second, or a barrier that many messages wait for, is no queue.</summary>
    [Fact]
    public void A_long_way_leaves_it_open()
    {
        var window = new HistoryWindow(50);
        Prove(window, 500, times: 1);
        for (var i = 0; i < 1000; i++) Prove(window, 500 + i % 500, times: 1);
        Assert.Equal(50, window.Limit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_small_window_stays_usable(int most)
    {
        var window = new HistoryWindow(most);
        Prove(window, 1, times: 1);
        Prove(window, 1000, times: 1000);
        Assert.Equal(most, window.Limit);
    }

    [Fact]
    public void A_new_connection_is_measured_anew()
    {
        var window = new HistoryWindow(50);
        Prove(window, 1, times: 1);
        Prove(window, 10, times: 1000);
        window.Reset();
        Prove(window, 10, times: 1000);
        Assert.Equal(50, window.Limit);
    }

    private static void Prove(HistoryWindow window, double milliseconds, int times)
    {
        for (var i = 0; i < times; i++) window.Proven(TimeSpan.FromMilliseconds(milliseconds));
    }
}
