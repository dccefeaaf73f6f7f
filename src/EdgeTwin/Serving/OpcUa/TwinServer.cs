using System.Net.Sockets;
using EdgeTwin.Commands;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.Twin;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>
/// The twin over OPC UA. It outlives the twin: when the configuration changes, another twin is followed, while
/// clients stay connected. What changes in the twin is pushed to the nodes; the twin's own loop never waits. A port
/// that is taken is no reason to stop the gateway: it is said once, and tried again.
/// </summary>
internal sealed partial class TwinServer : IAsyncDisposable
{
    private static readonly TimeSpan RetryListening = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly ICommandPort commands;
    private readonly ServingPlace place;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly OpcUaServerConfig config;
    private readonly ConfiguredUsers users;
    private readonly TaskCompletionSource<TwinAddressSpace> prepared =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new(); // guards served and nodes: a new configuration may come at any time
    private ServedTwin served;
    private TwinAddressSpace? nodes;
    private OpcUaServer? server;
    private volatile bool isListening;

    /// <param name="config">What the user wrote.</param>
    /// <param name="twin">What is to be seen.</param>
    /// <param name="commands">Decides on what clients write.</param>
    /// <param name="place">Where the gateway lives.</param>
    /// <param name="time">Clock of everything.</param>
    /// <param name="logger">For changes of state.</param>
    public TwinServer(
        OpcUaServerConfig config, ServedTwin twin, ICommandPort commands, ServingPlace place, TimeProvider time,
        ILogger logger)
    {
        (this.config, served, this.commands, this.place) = (config, twin, commands, place);
        (this.time, this.logger) = (time, logger);
        users = new ConfiguredUsers(config, place.BaseFolder, logger);
    }

    /// <summary>Completes when it listens, or could not the first time: then the own certificate is there, which names
    /// this host.</summary>
    public Task Ready => ready.Task;

    /// <summary>Where clients connect; null while nobody can.</summary>
    public string? Endpoint => isListening && server?.LocalEndPoint is { } at
        ? $"opc.tcp://{(server.Options.HostNames is [var name, ..] ? name : Environment.MachineName)}:{at.Port}" : null;

    /// <summary>Makes the nodes what a new configuration says, and lets in whom it names; clients are told what
    /// changed. Nobody follows a twin meanwhile.</summary>
    public void Apply(ServedTwin twin, OpcUaServerConfig newConfig)
    {
        users.Use(newConfig);
        lock (gate)
        {
            served = twin;
            nodes?.Apply(twin);
        }
    }

    /// <summary>Pushes what changes in a twin until cancelled, and then what has changed until then. One twin at a
    /// time.</summary>
    public async Task FollowAsync(TwinFeed feed, CancellationToken stop)
    {
        TwinAddressSpace? space = null;
        try
        {
            space = await prepared.Task.WaitAsync(stop);
            while (true)
            {
                await feed.WaitAsync(stop);
                space.Set(feed.Take());
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            space?.Set(feed.Take());
        }
    }

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            // The machine is read meanwhile: thousands of nodes and a new key take their time.
            server = await Task.Run(Prepare, stop);
            prepared.TrySetResult(nodes!);
            await ListenAsync(server, stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The gateway stops; clients are told below.
        }
        finally
        {
            ready.TrySetResult();
        }

        if (isListening) await server!.StopAsync(Grace);
        isListening = false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private OpcUaServer Prepare()
    {
        var pki = config.Pki is { } folder ? Path.Combine(place.BaseFolder, folder)
            : Path.Combine(place.DataFolder, "pki");
        var made = new OpcUaServer(TwinServerOptions.From(config, place.GatewayId, pki, users), time, logger);
        lock (gate)
        {
            TwinNamespaces.LoadInto(made.AddressSpace, served.NamespaceUri);
            nodes = new TwinAddressSpace(made.AddressSpace, new TwinWriter(commands, time), time);
            nodes.Apply(served);
            return made;
        }
    }

    private async Task ListenAsync(OpcUaServer listener, CancellationToken stop)
    {
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                await listener.StartAsync(stop);
                isListening = true;
                ready.TrySetResult();
                LogServing(Endpoint!, config.Users.Count, config.Anonymous ? " and whoever comes" : "");
                if (config.Anonymous && config.Policies.Contains("None") && config.Bind != "127.0.0.1")
                    LogOpen(config.Bind);
                return;
            }
            catch (Exception taken) when (taken is SocketException or IOException or UnauthorizedAccessException)
            {
                ready.TrySetResult();
                if (attempts == 0) LogPortTaken(config.Bind, config.Port, taken.Message);
                await Task.Delay(RetryListening, time, stop);
            }
        }
    }

    [LoggerMessage(2200, LogLevel.Information,
        "OPC UA: the twin is served at {Endpoint}, for {Users} users with a password{Others}")]
    private partial void LogServing(string endpoint, int users, string others);

    [LoggerMessage(2201, LogLevel.Error,
        "OPC UA: {Bind}:{Port} cannot be listened on ({Reason}); the twin is not served until it is free. Another port "
            + "is set with serving: {{ opcua: {{ port: … }} }}")]
    private partial void LogPortTaken(string bind, int port, string reason);

    [LoggerMessage(2202, LogLevel.Warning,
        "OPC UA: everybody who reaches {Bind} can read the twin: policy None with anonymous users")]
    private partial void LogOpen(string bind);
}
