using EdgeTwin.Alarms;
using EdgeTwin.Configuration;
using EdgeTwin.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Tags;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;

namespace EdgeTwin.Hosting;

/// <summary>
/// The way that the data takes under one configuration: sources, models, twin, journal, uplinks, put together in the
/// order in which data flows back: what receives is there before what sends. It stops in reverse, so that what was
/// read still reaches the disk and, for a moment, the far side. A new configuration gets a new one in the same
/// folder, which goes on where this one stopped.
/// </summary>
internal sealed class DataPath : IAsyncDisposable
{
    /// <summary>How long a stop waits for the uplinks to deliver what is still in memory. The rest goes after the
    /// restart.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(500);

    private readonly GatewayContext context;
    private readonly SampleJournal journal;
    private readonly IReadOnlyList<Predictor> predictors;
    private readonly IReadOnlyList<SourceRunner> sources;
    private readonly IReadOnlyList<UplinkPump> uplinks;
    private readonly UplinkMetrics uplinkMetrics;
    private readonly TwinFeed? feed;
    private readonly long samplesBefore;
    private readonly CancellationTokenSource stopSources = new();
    private readonly CancellationTokenSource stopFollowing = new();
    private readonly CancellationTokenSource stopJournal = new();
    private Task writing = Task.CompletedTask;
    private Task living = Task.CompletedTask;
    private Task following = Task.CompletedTask;
    private IReadOnlyList<Task> sending = [];
    private TwinSnapshot? last;

    private DataPath(ConfigResult configuration, GatewayContext context, SampleJournal journal, long samplesBefore)
    {
        (Configuration, this.context, this.journal, this.samplesBefore) =
            (configuration, context, journal, samplesBefore);
        var (logs, time) = (context.Logs, context.Time);
        var tags = configuration.Tags!;
        predictors = Parts.Predictors(configuration, logs, time, context.Speed);
        var probes = new SourceProbes();
        feed = configuration.Config!.Serving.Opcua is { Enabled: true } ? new TwinFeed(tags.Count) : null;
        Twin = new TwinEngine(
            tags, configuration.Alarms, predictors, probes, journal, time, logs.CreateLogger("EdgeTwin.Twin"),
            context.OnTransition, feed);
        sources = Parts.Sources(configuration, Twin, context);
        foreach (var source in sources) probes.Add(source);
        uplinks = Parts.Uplinks(configuration, journal, Twin, logs, time);
        uplinkMetrics = new UplinkMetrics(uplinks);
    }

    public ConfigResult Configuration { get; }

    public TwinEngine Twin { get; }

    /// <summary>Where the journal is committed up to.</summary>
    public Position Committed => journal.Status.Committed;

    /// <summary>Samples that the twin has applied; as of the stop, once it has stopped.</summary>
    public long SamplesApplied => samplesBefore + (last?.Counters.SamplesIn ?? 0);

    /// <summary>What must go on for as long as this runs: one that fails says why, and then nothing is well.</summary>
    public IEnumerable<Task> Loops => [writing, living, following, .. sending];

    /// <summary>What is to be seen over OPC UA.</summary>
    public ServedTwin Served => Parts.Served(Configuration, DiagnosticItems.Of(
        sources, predictors, uplinks, () => journal.Status, () => context.Clock.State, context.Started));

    /// <summary>Opens the journal and builds everything; connects to nothing yet.</summary>
    /// <exception cref="JournalException">The data folder cannot be used, or another gateway has it.</exception>
    /// <exception cref="ModelException">A model package cannot be used.</exception>
    /// <exception cref="IOException">A file that the configuration names cannot be read.</exception>
    /// <param name="configuration">Without errors.</param>
    /// <param name="context">What is around it.</param>
    /// <param name="samplesBefore">Samples that the process has applied before.</param>
    public static DataPath Open(ConfigResult configuration, GatewayContext context, long samplesBefore)
    {
        var opened = SampleJournal.Open(
            context.DataFolder, configuration.Config!.Journal, configuration.Tags!, context.Time,
            context.Logs.CreateLogger("EdgeTwin.Journal"));
        try
        {
            return new DataPath(configuration, context, opened, samplesBefore);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Begins; once.</summary>
    /// <param name="server">Follows the twin; its nodes are there already.</param>
    /// <param name="stop">Ends the wait for the server's certificate.</param>
    public async Task StartAsync(TwinServer? server, CancellationToken stop)
    {
        writing = journal.RunAsync(stopJournal.Token);
        foreach (var uplink in uplinks) uplink.Start();
        living = Twin.RunAsync(CancellationToken.None);
        if (server is not null && feed is not null) following = server.FollowAsync(feed, stopFollowing.Token);
        // The server's certificate names this host, and sources over OPC UA use the same one.
        if (server is not null && Configuration.Config!.Sources.Values.Any(source => source is OpcUaSourceConfig))
            await server.Ready.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sending =
        [
            .. predictors.Select(predictor => predictor.RunAsync(Twin, stopSources.Token)),
            .. sources.Select(source => source.RunAsync(stopSources.Token)),
        ];
    }

    /// <summary>Stops in order; everything that was read is committed when it completes.</summary>
    public async Task StopAsync()
    {
        last = await Twin.SnapshotAsync(CancellationToken.None);
        await stopSources.CancelAsync();
        await Task.WhenAll(sending);
        Twin.Complete();
        await living;
        await stopFollowing.CancelAsync();
        await Task.WhenAll([following, .. uplinks.Select(uplink => uplink.StopAsync(Drain))]);
        await stopJournal.CancelAsync();
        await writing;
    }

    /// <summary>How everything is; after the stop, how it was then.</summary>
    public async ValueTask<GatewayStatus> StatusAsync(string? opcUaEndpoint, long alarmsRaised)
    {
        var snapshot = last ?? await Twin.SnapshotAsync(CancellationToken.None);
        var config = Configuration.Config!;
        return new GatewayStatus
        {
            Gateway = config.Gateway.Id,
            Asset = config.Asset.Path,
            Version = Product.Version,
            Started = context.Started,
            Clock = context.Clock.State,
            Sources = [.. sources.Select(source => source.Status)],
            Tags = [.. StatusOf.Tags(snapshot, context.Time.GetUtcNow().UtcDateTime)],
            Models = [.. predictors.Select(predictor => predictor.Status)],
            Alarms = [.. StatusOf.Alarms(snapshot)],
            Journal = journal.Status,
            Uplinks = [.. uplinks.Select(uplink => uplink.Status())],
            OpcUaEndpoint = opcUaEndpoint,
            AlarmsRaised = alarmsRaised,
            SamplesApplied = samplesBefore + snapshot.Counters.SamplesIn,
        };
    }

    public async ValueTask DisposeAsync()
    {
        uplinkMetrics.Dispose();
        await Twin.DisposeAsync();
        foreach (var uplink in uplinks) await uplink.DisposeAsync();
        journal.Dispose();
        stopSources.Dispose();
        stopFollowing.Dispose();
        stopJournal.Dispose();
    }
}
