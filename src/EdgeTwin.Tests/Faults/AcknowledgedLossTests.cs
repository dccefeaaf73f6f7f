using EdgeTwin.Benchmarks;
using EdgeTwin.Tests.Support;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Faults;

[Collection(RealTime.Name)]
public sealed class AcknowledgedLossTests(ITestOutputHelper log)
{
    /// <summary>The benchmark itself, with fewer rounds. A seed of its own every time: over the runs that adds up to
    /// more moments than a fixed one would ever meet, and the seed is in the message.</summary>
    [Fact]
    public async Task Twenty_kills_of_a_running_gateway_lose_nothing_that_was_committed()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var result = await AcknowledgedLossBenchmark.MeasureAsync(20, seed, log.WriteLine);
        log.WriteLine($"{result}");
        var found = $"seed {seed}: {result}";
        Assert.True(result.MissingInHistory == 0, found);
        Assert.True(result.MissingAtReceiver == 0, found);
        Assert.True(result.Gaps == 0, found);
        Assert.True(result.Changed == 0, found);
        // Control: every round did commit something before it was killed.
        Assert.True(result.Committed > 0 && result.Epochs >= 20, found);
    }
}
