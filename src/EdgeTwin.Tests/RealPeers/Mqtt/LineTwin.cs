using System.Diagnostics;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A gateway that is composed of others: an MQTT source with its runner, and the newest sample of each
/// tag.</summary>
internal sealed class LineTwin : IAsyncDisposable
{
    private readonly RecordingInbox inbox = new();
    private readonly CancellationTokenSource stop = new();
    private readonly SourceRunner runner;
    private readonly Task running;

    public LineTwin(MqttSourceConfig config, params string[] addresses)
    {
        var context = SourceContexts.Make(config,
            [.. addresses.Select(address => SourceContexts.Tag(address, TagDataType.Int64))], TimeProvider.System, Log);
        runner = new SourceRunner(context, MqttSource.Driver, inbox, new Random(1));
        running = runner.RunAsync(stop.Token);
    }

    public CollectingLogger Log { get; } = new();

    public IReadOnlyList<Sample> Samples => inbox.Samples;

    public StatusCode? StatusOf(int tag)
    {
        var own = inbox.Samples.Where(sample => sample.Tag.Index == tag).ToList();
        return own.Count == 0 ? null : own[^1].Status;
    }

    public async Task UntilAsync(Func<bool> condition, Action? meanwhile = null)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(since.Elapsed < RealTime.Patience, $"still not: {runner.Status}; "
                + string.Join(' ', runner.Tags.Select((_, tag) => StatusOf(tag))));
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
