using EdgeTwin.Sources.Mqtt;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Sources.Mqtt;

public class PlaceMemoryTests(ITestOutputHelper log)
{
    private static readonly DateTime Time = new(2026, 11, 22, 13, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void It_holds_what_was_added_in_whatever_order_in_as_few_ranges_as_there_are_gaps()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (memory, added) = (new PlaceMemory(), new HashSet<(long, long)>());
        for (var round = 0; round < 20_000; round++)
        {
            (long Epoch, long Sequence) place = (random.Next(1, 4), random.Next(1, 500));
            Assert.Equal(added.Contains(place), memory.Holds(place, Time, out var beganAnew));
            Assert.False(beganAnew);
            if (random.Next(4) > 0) continue;
            memory.Add(place, Time);
            added.Add(place);
        }

        Assert.Equal(added.Count(place => !added.Contains((place.Item1, place.Item2 - 1))), memory.Ranges);
    }

    [Fact]
    public void Of_too_many_ranges_it_forgets_the_one_that_was_touched_longest_ago()
    {
        var memory = new PlaceMemory();
        for (var i = 0; i < PlaceMemory.MostRanges; i++) memory.Add((1, 1_000_000 + 2 * i), Time);
        memory.Add((1, 1_000_000), Time);
        memory.Add((1, 1), Time); // what a backlog brings lies before all others
        memory.Add((1, long.MaxValue), Time);
        Assert.Equal(PlaceMemory.MostRanges, memory.Ranges);
        Assert.True(memory.Holds((1, 1), Time, out _));
        Assert.True(memory.Holds((1, 1_000_000), Time, out _));
        Assert.False(memory.Holds((1, 1_000_002), Time, out _));
    }

    [Fact]
    public void A_known_place_with_a_newer_sample_is_of_a_journal_that_began_anew()
    {
        var memory = new PlaceMemory();
        for (var i = 1; i <= 10; i++) memory.Add((1, i), Time.AddSeconds(i));
        Assert.True(memory.Holds((1, 5), Time.AddSeconds(5), out _));
        Assert.False(memory.Holds((1, 1), Time.AddSeconds(11), out var beganAnew));
        Assert.True(beganAnew);
        Assert.Equal(0, memory.Ranges);
    }
}
