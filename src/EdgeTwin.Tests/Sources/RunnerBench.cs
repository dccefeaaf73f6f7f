using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources;

/// <summary>A runner with a scripted driver on a manual clock, scanning every 100 ms.</summary>
internal sealed class RunnerBench : IAsyncDisposable
{
    public static readonly TimeSpan Scan = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private readonly Task run;

    public RunnerBench(Func<SourceContext, ISource>? create = null, int tags = 2, int seed = 1)
    {
        var context = SourceContexts.Make(
            new ScriptedSource.Config { Driver = "scripted", Scan = Scan },
            [.. Enumerable.Range(0, tags).Select(i => SourceContexts.Tag($"a{i}"))], Time, Logger);
        Runner = new SourceRunner(context, ScriptedSource.Driver(create ?? (c => new ScriptedSource(c))), Inbox,
            new Random(seed));
        run = Runner.RunAsync(stop.Token);
    }

    public ManualTimeProvider Time { get; } = new();

    public CollectingLogger Logger { get; } = new();

    public RecordingInbox Inbox { get; } = new();

    public SourceRunner Runner { get; }

    /// <summary>Waits until the runner sleeps, then moves the clock.</summary>
    public async Task TickAsync(TimeSpan by)
    {
        await Time.UntilTimersAsync(1);
        Time.Advance(by);
    }

    public Task TickAsync(int milliseconds) => TickAsync(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Lets time pass until the condition holds.</summary>
    public Task PassUntilAsync(Func<bool> condition) => Time.PassUntilAsync(condition, TimeSpan.FromMinutes(5));

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await run;
    }

    public void Cancel() => stop.Cancel();

    public Task Ended => run;

    public int CountOf(StatusCode status) => Inbox.Samples.Count(sample => sample.Status == status);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await PassUntilAsync(() => run.IsCompleted);
        stop.Dispose();
    }
}
