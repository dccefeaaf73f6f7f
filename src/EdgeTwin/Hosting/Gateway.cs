using EdgeTwin.Alarms;
using EdgeTwin.Configuration;
using EdgeTwin.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>
/// One gateway: journal, twin, models, sources and uplinks, put together in the order in which data flows back: what
/// receives is there before what sends. It stops in reverse, so that what was read still reaches the disk and, for a
/// moment, the far side.
/// </summary>
internal sealed partial class Gateway : IAsyncDisposable
{
    /// <summary>How long a stop waits for the uplinks to deliver what is still in memory. The rest goes after the
    /// restart.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(500);

    private readonly ConfigResult configuration;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly SampleJournal journal;
    private readonly IReadOnlyList<Predictor> predictors;
    private readonly TwinEngine twin;
    private readonly IReadOnlyList<SourceRunner> sources;
    private readonly IReadOnlyList<UplinkPump> uplinks;
    private readonly UplinkMetrics uplinkMetrics;
    private readonly TwinServer? server;
    private readonly ClockMonitor clock;
    private readonly DateTime started;
    private TwinSnapshot? last;
    private long alarmsRaised;

    private Gateway(ConfigResult configuration, ILoggerFactory logs, TimeProvider time, double speed)
    {
        this.configuration = configuration;
        this.time = time;
        logger = logs.CreateLogger("EdgeTwin");
        started = time.GetUtcNow().UtcDateTime;
        clock = new ClockMonitor(time, logger);

        var config = configuration.Config!;
        var tags = configuration.Tags!;
        DataFolder = Path.GetFullPath(Path.Combine(configuration.BaseFolder, config.Gateway.Data));
        journal = SampleJournal.Open(DataFolder, config.Journal, tags, time, logs.CreateLogger("EdgeTwin.Journal"));
        predictors = Parts.Predictors(configuration, logs, time, speed);
        var probes = new SourceProbes();
        var feed = config.Serving.Opcua is { Enabled: true } ? new TwinFeed(tags.Count) : null;
        twin = new TwinEngine(
            tags, Parts.Alarms(configuration), predictors, probes, journal, time, logs.CreateLogger("EdgeTwin.Twin"),
            OnTransition, feed);
        sources = Parts.Sources(configuration, twin, () => clock.State, DataFolder, logs, time);
        foreach (var source in sources) probes.Add(source);
        uplinks = Parts.Uplinks(configuration, journal, logs, time);
        uplinkMetrics = new UplinkMetrics(uplinks);
        if (feed is not null)
        {
            var diagnostics = DiagnosticItems.Of(
                sources, predictors, uplinks, () => journal.Status, () => clock.State, started);
            server = Parts.Server(configuration, feed, diagnostics, DataFolder, logs, time);
        }
    }

    /// <summary>Journal and control socket are here.</summary>
    public string DataFolder { get; }

    /// <summary>Where OPC UA clients find the twin; null while they do not.</summary>
    public string? OpcUaEndpoint => server?.Endpoint;

    /// <summary>Opens the journal and builds everything; connects to nothing yet.</summary>
    /// <exception cref="JournalException">The data folder cannot be used, or another gateway has it.</exception>
    /// <param name="configuration">Without errors.</param>
    /// <param name="logs">Where log lines go.</param>
    /// <param name="time">The clock of everything.</param>
    /// <param name="speed">How much faster than real time the machine runs; 1 but for a sped-up recording.</param>
    public static Gateway Open(ConfigResult configuration, ILoggerFactory logs, TimeProvider time, double speed = 1) =>
        new(configuration, logs, time, speed);

    /// <summary>Runs until cancelled, then stops in order.</summary>
    /// <exception cref="ControlException">Another gateway answers in the data folder.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var stopSources = new CancellationTokenSource();
        using var stopJournal = new CancellationTokenSource();
        using var stopServing = new CancellationTokenSource();
        using var notifier = SystemdNotifier.FromEnvironment(logger);
        await using var control = ControlServer.Start(DataFolder, AnswerAsync, time, logger);

        var writing = journal.RunAsync(stopJournal.Token);
        foreach (var uplink in uplinks) uplink.Start();
        var living = twin.RunAsync(CancellationToken.None);
        var serving = server?.RunAsync(stopServing.Token) ?? Task.CompletedTask;
        // The server's certificate names this host, and sources over OPC UA use the same one.
        if (server is not null && configuration.Config!.Sources.Values.Any(source => source is OpcUaSourceConfig))
            await server.Ready.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var predicting = predictors.Select(predictor => predictor.RunAsync(twin, stopSources.Token)).ToList();
        var reading = sources.Select(source => source.RunAsync(stopSources.Token)).ToList();
        var watching = WatchAsync(notifier, stopSources.Token);
        LogRunning(configuration.Config!.Gateway.Id, configuration.Config.Asset.Path, configuration.Tags!.Count,
            DataFolder);
        notifier.Ready($"twin of {configuration.Config.Asset.Path}");

        await StoppedAsync([writing, living, serving, .. predicting, .. reading], stop);

        notifier.Stopping();
        last = await twin.SnapshotAsync(CancellationToken.None);
        await stopSources.CancelAsync();
        await Task.WhenAll([.. reading, .. predicting, watching]);
        twin.Complete();
        await living;
        await stopServing.CancelAsync();
        await Task.WhenAll([serving, .. uplinks.Select(uplink => uplink.StopAsync(Drain))]);
        await stopJournal.CancelAsync();
        await writing;
        LogStopped(journal.Status.Committed);
    }

    /// <summary>How everything is; after the stop, how it was then.</summary>
    public async ValueTask<GatewayStatus> StatusAsync()
    {
        var snapshot = last ?? await twin.SnapshotAsync(CancellationToken.None);
        var config = configuration.Config!;
        var now = time.GetUtcNow().UtcDateTime;
        return new GatewayStatus
        {
            Gateway = config.Gateway.Id,
            Asset = config.Asset.Path,
            Version = Product.Version,
            Started = started,
            Clock = clock.State,
            Sources = [.. sources.Select(source => source.Status)],
            Tags = [.. StatusOf.Tags(snapshot, now)],
            Models = [.. predictors.Select(predictor => predictor.Status)],
            Alarms = [.. StatusOf.Alarms(snapshot)],
            Journal = journal.Status,
            Uplinks = [.. uplinks.Select(uplink => uplink.Status())],
            OpcUaEndpoint = server?.Endpoint,
            AlarmsRaised = Interlocked.Read(ref alarmsRaised),
            SamplesApplied = snapshot.Counters.SamplesIn,
        };
    }

    public async ValueTask DisposeAsync()
    {
        uplinkMetrics.Dispose();
        if (server is not null) await server.DisposeAsync();
        await twin.DisposeAsync();
        foreach (var uplink in uplinks) await uplink.DisposeAsync();
        journal.Dispose();
    }

    /// <summary>
    /// Completes when a stop is asked for, or throws what ended one of the loops: then nothing is well. A loop that
    /// merely ends, as one without work may, is not a stop.
    /// </summary>
    private static async Task StoppedAsync(List<Task> loops, CancellationToken stop)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => asked.TrySetResult());
        while (true)
        {
            var ended = await Task.WhenAny([asked.Task, .. loops]);
            await ended;
            if (ended == asked.Task) return;
            loops.Remove(ended);
        }
    }

    private async Task WatchAsync(SystemdNotifier notifier, CancellationToken stop)
    {
        if (Watchdog.TimeoutFromEnvironment() is not { } timeout) return;
        try
        {
            await new Watchdog(timeout, () => twin.LastTurn.Ticks, notifier.FeedWatchdog, time, logger).RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops; systemd has been told.
        }
    }

    private async ValueTask<object?> AnswerAsync(string verb, System.Text.Json.JsonElement arguments,
        CancellationToken cancellation) =>
        verb switch
        {
            "status" => await StatusAsync(),
            "alarm" => await OperatorRequest.DoAsync(twin, arguments, cancellation),
            _ => throw new ControlException($"'{verb}' is not known; the gateway answers status and alarm"),
        };

    private void OnTransition(AlarmTransition transition)
    {
        if (transition.To == AlarmState.ActiveUnacknowledged) Interlocked.Increment(ref alarmsRaised);
    }

    [LoggerMessage(1750, LogLevel.Information, "Gateway {Id} runs: twin of {Asset}, {Tags} tags, data in {Folder}")]
    private partial void LogRunning(string id, string asset, int tags, string folder);

    [LoggerMessage(1751, LogLevel.Information, "Gateway stopped; committed up to {Position}")]
    private partial void LogStopped(Position position);
}
