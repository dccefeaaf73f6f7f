using EdgeTwin.Sources;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources;

public class SourceProbeTests
{
    private static readonly TagId First = new(0);

    [Fact]
    public async Task A_probe_is_answered_between_scans_without_waiting_for_the_next()
    {
        await using var bench = new RunnerBench();
        await bench.Time.UntilTimersAsync(1);
        Assert.True(bench.Runner.TryProbe(First));
        await bench.Time.UntilAsync(() => bench.Inbox.Batches.Count == 2); // the clock stands still
        var answer = Assert.Single(bench.Inbox.Batches[1]);
        Assert.Equal((First, 42d), (answer.Tag, answer.Value.AsDouble()));
    }

    [Fact]
    public async Task A_tag_that_does_not_answer_is_bad_and_its_neighbours_go_on()
    {
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnReadBack = (_, _) => throw new TimeoutException(),
        });
        await bench.Time.UntilTimersAsync(1);
        Assert.True(bench.Runner.TryProbe(First));
        await bench.Time.UntilAsync(() => bench.CountOf(StatusCode.BadTimeout) == 1);
        await bench.TickAsync(100);
        await bench.Time.UntilAsync(() => bench.Runner.Status.Scans == 2);
        Assert.Equal(0, bench.CountOf(StatusCode.BadNoCommunication));
    }

    [Fact]
    public async Task At_most_16_probes_wait()
    {
        var reading = new TaskCompletionSource();
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnReadBack = async (tag, _) =>
            {
                await reading.Task;
                return new Sample(tag, TagValue.None, StatusCode.BadNoData, c.Time.GetUtcNow().UtcDateTime,
                    c.Time.GetUtcNow().UtcDateTime, default);
            },
        });
        await bench.Time.UntilTimersAsync(1);
        var accepted = Enumerable.Range(0, 40).Count(_ => bench.Runner.TryProbe(First));
        Assert.InRange(accepted, SourceRunner.MostProbes, SourceRunner.MostProbes + 1); // one may be in hand already
        reading.SetResult();
        await bench.Time.UntilAsync(() => bench.CountOf(StatusCode.BadNoData) == accepted);
    }

    [Fact]
    public async Task Probes_go_to_the_runner_that_reads_the_tag_and_nowhere_when_it_is_not_connected()
    {
        await using var up = new RunnerBench(tags: 1);
        var probes = new SourceProbes();
        probes.Add(up.Runner);
        await up.Time.UntilTimersAsync(1);
        Assert.True(probes.TryProbe(First));
        Assert.False(probes.TryProbe(new TagId(99)));

        await using var down =
            new RunnerBench(c => new ScriptedSource(c) { OnConnect = _ => throw new IOException("refused") });
        await down.Time.UntilTimersAsync(1);
        var nobody = new SourceProbes();
        nobody.Add(down.Runner);
        Assert.False(nobody.TryProbe(First));
    }
}
