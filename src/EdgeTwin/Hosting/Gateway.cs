using System.Text.Json;
using System.Threading.Channels;
using EdgeTwin.Alarms;
using EdgeTwin.Configuration;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Serving.OpcUa;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>
/// One gateway: what lives as long as the process (control socket, OPC UA server, what systemd is told) around the
/// <see cref="DataPath"/>, which a new configuration replaces.
/// </summary>
internal sealed partial class Gateway : IAsyncDisposable
{
    private const int MostReloadsWaiting = 4;

    private readonly Channel<TaskCompletionSource<ReloadResult>> reloads =
        Channel.CreateBounded<TaskCompletionSource<ReloadResult>>(MostReloadsWaiting);

    private readonly GatewayContext context;
    private readonly Func<ConfigResult>? load;
    private readonly ILogger logger;
    private readonly TwinServer? server;
    private readonly GrowthLimit growth;
    private volatile DataPath path;
    private long alarmsRaised;

    private Gateway(
        ConfigResult configuration, ILoggerFactory logs, TimeProvider time, double speed, Func<ConfigResult>? load)
    {
        this.load = load;
        logger = logs.CreateLogger("EdgeTwin");
        growth = new GrowthLimit(time, RequestReload);
        context = new GatewayContext
        {
            Logs = logs,
            Time = time,
            Clock = new ClockMonitor(time, logger),
            DataFolder = DataFolderOf(configuration),
            Speed = speed,
            Started = time.GetUtcNow().UtcDateTime,
            OnTransition = OnTransition,
            OnTagFileGrown = OnTagFileGrown,
        };
        path = DataPath.Open(configuration, context, 0);
        if (configuration.Config!.Serving.Opcua is { Enabled: true })
            server = Parts.Server(configuration, path.Served, context);
    }

    /// <summary>Journal and control socket are here.</summary>
    public string DataFolder => context.DataFolder;

    /// <summary>Where OPC UA clients find the twin; null while they do not.</summary>
    public string? OpcUaEndpoint => server?.Endpoint;

    /// <summary>Opens the journal and builds everything; connects to nothing yet.</summary>
    /// <exception cref="JournalException">The data folder cannot be used, or another gateway has it.</exception>
    /// <param name="configuration">Without errors.</param>
    /// <param name="logs">Where log lines go.</param>
    /// <param name="time">The clock of everything.</param>
    /// <param name="speed">How much faster than real time the machine runs; 1 but for a sped-up recording.</param>
    /// <param name="load">Loads the configuration again; null where it has no file.</param>
    public static Gateway Open(
        ConfigResult configuration, ILoggerFactory logs, TimeProvider time, double speed = 1,
        Func<ConfigResult>? load = null) => new(configuration, logs, time, speed, load);

    /// <summary>Where a configuration has journal and control socket.</summary>
    public static string DataFolderOf(ConfigResult configuration) =>
        Path.GetFullPath(Path.Combine(configuration.BaseFolder, configuration.Config!.Gateway.Data));

    /// <summary>Runs until cancelled, then stops in order.</summary>
    /// <exception cref="ControlException">Another gateway answers in the data folder.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var stopServing = new CancellationTokenSource();
        using var stopWatching = new CancellationTokenSource();
        using var notifier = SystemdNotifier.FromEnvironment(logger);
        await using var control = ControlServer.Start(DataFolder, AnswerAsync, context.Time, logger);

        var serving = server?.RunAsync(stopServing.Token) ?? Task.CompletedTask;
        await path.StartAsync(server, stop);
        var watching = WatchAsync(notifier, stopWatching.Token);
        var config = path.Configuration.Config!;
        LogRunning(config.Gateway.Id, config.Asset.Path, path.Configuration.Tags!.Count, DataFolder);
        notifier.Ready($"twin of {config.Asset.Path}");

        while (await ReloadAskedAsync(serving, stop) is { } asked)
        {
            notifier.Reloading(context.Time);
            asked.TrySetResult(await TakeNewAsync());
            notifier.Ready($"twin of {config.Asset.Path}");
        }

        notifier.Stopping();
        reloads.Writer.Complete();
        while (reloads.Reader.TryRead(out var late)) late.TrySetResult(Refused("the gateway stops"));
        await path.StopAsync();
        await stopWatching.CancelAsync();
        await stopServing.CancelAsync();
        await Task.WhenAll(serving, watching);
        LogStopped(path.Committed);
    }

    /// <summary>Has the configuration read again soon; any thread.</summary>
    public void RequestReload() => reloads.Writer.TryWrite(NewRequest());

    /// <summary>Has the configuration read again, and says what came of it.</summary>
    public async Task<ReloadResult> ReloadAsync(CancellationToken cancellation)
    {
        var request = NewRequest();
        return reloads.Writer.TryWrite(request)
            ? await request.Task.WaitAsync(cancellation)
            : Refused("the gateway stops, or is reading its configuration several times already");
    }

    /// <summary>How everything is; after the stop, how it was then.</summary>
    public ValueTask<GatewayStatus> StatusAsync() =>
        path.StatusAsync(server?.Endpoint, Interlocked.Read(ref alarmsRaised));

    public async ValueTask DisposeAsync()
    {
        await growth.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
        await path.DisposeAsync();
    }

    private static TaskCompletionSource<ReloadResult> NewRequest() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ReloadResult Refused(params IReadOnlyList<string> errors) => new() { Errors = errors };

    /// <summary>
    /// Completes when a reload is asked for, with null for a stop, or throws what ended one of the loops: then nothing
    /// is well. A loop that merely ends, as one without work may, is neither.
    /// </summary>
    private async Task<TaskCompletionSource<ReloadResult>?> ReloadAskedAsync(Task serving, CancellationToken stop)
    {
        var asked = reloads.Reader.ReadAsync(stop).AsTask();
        List<Task> loops = [serving, .. path.Loops];
        while (true)
        {
            var ended = await Task.WhenAny([asked, .. loops]);
            if (ended == asked) return asked.IsCanceled ? null : await asked;
            await ended;
            loops.Remove(ended);
        }
    }

    private async Task<ReloadResult> TakeNewAsync()
    {
        if (load is null) return Refused("this gateway was not started with a configuration file");
        var loaded = await Task.Run(load);
        var before = path.Configuration;
        var findings = loaded.Errors.Count > 0 ? loaded.Errors : RestartCheck.Differences(before, loaded);
        IReadOnlyList<string> errors = [.. findings.Select(error => error.ToString())];
        if (errors.Count == 0)
        {
            var began = context.Time.GetTimestamp();
            errors = await ReplaceAsync(before, loaded);
            if (errors.Count == 0)
                return Report(before, loaded, context.Time.GetElapsedTime(began));
        }

        foreach (var error in errors) LogReloadError(error);
        LogNotReloaded(errors.Count);
        return Refused(errors) with { Warnings = [.. loaded.Warnings.Select(warning => warning.ToString())] };
    }

    /// <summary>One data path after the other: both would want the journal, the machine and the broker's
    /// session.</summary>
    private async Task<IReadOnlyList<string>> ReplaceAsync(ConfigResult before, ConfigResult loaded)
    {
        await path.StopAsync();
        var samples = path.SamplesApplied;
        await path.DisposeAsync();
        IReadOnlyList<string> errors = [];
        try
        {
            path = DataPath.Open(loaded, context, samples);
        }
        catch (Exception failure) when (failure is JournalException or ModelException or IOException
            or UnauthorizedAccessException)
        {
            errors = [failure.Message];
            path = DataPath.Open(before, context, samples);
        }

        server?.Apply(path.Served, path.Configuration.Config!.Serving.Opcua!);
        await path.StartAsync(server, CancellationToken.None);
        return errors;
    }

    private ReloadResult Report(ConfigResult before, ConfigResult after, TimeSpan pause)
    {
        var (old, now) = (NamesOf(before), NamesOf(after));
        var result = new ReloadResult
        {
            Warnings = [.. after.Warnings.Select(warning => warning.ToString())],
            Added = [.. now.Except(old)],
            Removed = [.. old.Except(now)],
            Pause = pause,
        };
        LogReloaded(now.Count, result.Added.Count, result.Removed.Count, pause);
        return result;

        static HashSet<string> NamesOf(ConfigResult configuration) =>
            [.. configuration.Tags!.All.Where(tag => tag.Origin is not Tags.TagOrigin.Retired).Select(tag => tag.Name)];
    }

    private async Task WatchAsync(SystemdNotifier notifier, CancellationToken stop)
    {
        if (Watchdog.TimeoutFromEnvironment() is not { } timeout) return;
        try
        {
            await new Watchdog(
                timeout, () => path.Twin.LastTurn.Ticks, notifier.FeedWatchdog, context.Time, logger).RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops; systemd has been told.
        }
    }

    private async ValueTask<object?> AnswerAsync(string verb, JsonElement arguments, CancellationToken cancellation)
    {
        try
        {
            return verb switch
            {
                "status" => await StatusAsync(),
                "alarm" => await OperatorRequest.DoAsync(path.Twin, arguments, cancellation),
                "reload" => await ReloadAsync(cancellation),
                _ => throw new ControlException(
                    $"'{verb}' is not known; the gateway answers status, alarm and reload"),
            };
        }
        catch (Exception stopped) when (!cancellation.IsCancellationRequested
            && stopped is ChannelClosedException or OperationCanceledException)
        {
            throw new ControlException(
                "the gateway is taking a new configuration or stops; ask again in a moment", stopped);
        }
    }

    private void OnTransition(AlarmTransition transition)
    {
        if (transition.To == AlarmState.ActiveUnacknowledged) Interlocked.Increment(ref alarmsRaised);
    }

    // Only a file whose rows are tags makes a difference.
    private void OnTagFileGrown(string file)
    {
        if (load is not null && path.Configuration.Config!.TagFiles.Contains(file)) growth.Grown();
    }

    [LoggerMessage(1750, LogLevel.Information, "Gateway {Id} runs: twin of {Asset}, {Tags} tags, data in {Folder}")]
    private partial void LogRunning(string id, string asset, int tags, string folder);

    [LoggerMessage(1751, LogLevel.Information, "Gateway stopped; committed up to {Position}")]
    private partial void LogStopped(Position position);

    [LoggerMessage(1752, LogLevel.Information,
        "New configuration: {Tags} tags, {Added} of them new, {Removed} gone; the machine was not read for {Pause}")]
    private partial void LogReloaded(int tags, int added, int removed, TimeSpan pause);

    [LoggerMessage(1753, LogLevel.Error, "Not reloaded: {Error}")]
    private partial void LogReloadError(string error);

    [LoggerMessage(1754, LogLevel.Error, "The new configuration has {Errors} errors; the old one goes on")]
    private partial void LogNotReloaded(int errors);
}
