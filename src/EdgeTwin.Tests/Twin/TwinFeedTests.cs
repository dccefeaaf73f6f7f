using EdgeTwin.Tags;
using EdgeTwin.Twin;

namespace EdgeTwin.Tests.Twin;

public class TwinFeedTests
{
    private static readonly DateTime Start = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);
    private readonly TwinFeed feed = new(tags: 3);

    [Fact]
    public async Task A_reader_that_keeps_up_gets_every_change_in_order()
    {
        feed.Publish([Change(0, 1), Change(1, 2), Change(0, 3)]);
        await feed.WaitAsync(CancellationToken.None);
        Assert.Equal([(0, 1), (1, 2), (0, 3)], Taken());
        Assert.Empty(Taken());
        feed.Publish([Change(2, 4)]);
        await feed.WaitAsync(CancellationToken.None);
        Assert.Equal([(2, 4)], Taken());
        Assert.Equal(0, feed.Replaced);
    }

    [Fact]
    public void A_slow_reader_gets_the_newest_of_each_tag_and_the_twin_never_waits()
    {
        for (var i = 0; i < TwinFeed.MostWaiting; i++) feed.Publish([Change(i % 2, i)]);
        feed.Publish([Change(0, -1), Change(2, -2), Change(0, -3)]);
        var taken = Taken();
        Assert.Equal(TwinFeed.MostWaiting + 2, taken.Count);
        Assert.Equal([(0, -3), (2, -2)], taken[TwinFeed.MostWaiting..]);
        Assert.Equal(1, feed.Replaced);
        feed.Publish([Change(0, 5)]);
        Assert.Equal([(0, 5)], Taken());
    }

    [Fact]
    public void Nothing_is_allocated_per_change()
    {
        Sample[] changes = [Change(0, 1), Change(1, 2)];
        for (var i = 0; i < 5000; i++) Turn(changes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5000; i++) Turn(changes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private void Turn(Sample[] changes)
    {
        feed.Publish(changes);
        feed.Take();
    }

    private List<(int, int)> Taken()
    {
        var taken = new List<(int, int)>();
        foreach (var change in feed.Take()) taken.Add((change.Tag.Index, (int)change.Value.AsDouble()));
        return taken;
    }

    private static Sample Change(int tag, int value) =>
        new(new TagId(tag), TagValue.From(value), StatusCode.Good, Start, Start, ClockState.Synchronised);
}
