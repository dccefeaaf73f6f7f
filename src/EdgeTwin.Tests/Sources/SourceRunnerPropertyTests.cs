using EdgeTwin.Sources;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources;

/// <summary>A driver that fails and dawdles at random; what the runner promises holds whatever it does.</summary>
public class SourceRunnerPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Between_two_outages_there_is_data_and_each_outage_marks_every_tag_once(int seed)
    {
        var random = new Random(seed);
        var lost = 0;
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnConnect = _ => Misbehave(random, 0.4),
            OnRead = async (self, inbox, cancellation) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(400) : 5), c.Time,
                    cancellation);
                if (random.Next(3) == 0) await self.PostAllAsync(inbox, cancellation);
                await Misbehave(random, 0.2);
                await self.PostAllAsync(inbox, cancellation);
            },
            OnDispose = () =>
            {
                lost++;
                return Misbehave(random, 0.3);
            },
        }, seed: seed);
        await bench.PassUntilAsync(() => lost >= 30);

        Assert.True(bench.Runner.Status.Reconnects > 3,
            $"seed {seed}: control, there must be data between the outages");
        var bad = new bool[2];
        DateTime last = default;
        foreach (var sample in bench.Inbox.Samples)
        {
            Assert.True(sample.ReceiveTime >= last, $"seed {seed}: time ran backwards");
            last = sample.ReceiveTime;
            Assert.False(sample.Status.IsBad
                && bad[sample.Tag.Index], $"seed {seed}: {sample.Tag} was marked twice in one outage");
            bad[sample.Tag.Index] = sample.Status.IsBad;
        }

        var status = bench.Runner.Status;
        Assert.True(status.Samples == bench.Inbox.Samples.Count(s => s.Status.IsGood), $"seed {seed}");
        Assert.True(bench.Logger.Count(1201) - bench.Logger.Count(1202) is 0 or 1,
            $"seed {seed}: each loss has its recovery");
    }

    private static Task Misbehave(Random random, double probability) => random.NextDouble() >= probability
        ? Task.CompletedTask
        : random.Next(3) switch
        {
            0 => Task.FromException(new IOException("reset")),
            1 => throw new TimeoutException("no answer"),
            _ => Task.FromException(new OperationCanceledException("the driver's own")),
        };
}
