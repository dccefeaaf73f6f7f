using System.Net.Sockets;
using EdgeTwin.Commands;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.Twin;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>
/// The twin over OPC UA. One loop takes what changed in the twin and pushes it to the nodes; the twin's own loop never
/// waits for it. A port that is taken is no reason to stop the gateway: it is said once, and tried again.
/// </summary>
internal sealed partial class TwinServer : IAsyncDisposable
{
    private static readonly TimeSpan RetryListening = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly OpcUaServer server;
    private readonly TwinAddressSpace nodes;
    private readonly TwinFeed feed;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly OpcUaServerConfig config;
    private volatile bool isListening;

    /// <param name="config">What the user wrote.</param>
    /// <param name="twin">What is to be seen.</param>
    /// <param name="feed">What changes in the twin.</param>
    /// <param name="commands">Decides on what clients write.</param>
    /// <param name="place">Where the gateway lives.</param>
    /// <param name="time">Clock of everything.</param>
    /// <param name="logger">For changes of state.</param>
    public TwinServer(
        OpcUaServerConfig config, ServedTwin twin, TwinFeed feed, ICommandPort commands, ServingPlace place,
        TimeProvider time, ILogger logger)
    {
        (this.config, this.feed, this.time, this.logger) = (config, feed, time, logger);
        var users = new ConfiguredUsers(config, place.BaseFolder, logger);
        var pki = config.Pki is { } folder ? Path.Combine(place.BaseFolder, folder)
            : Path.Combine(place.DataFolder, "pki");
        server = new OpcUaServer(TwinServerOptions.From(config, place.GatewayId, pki, users), time, logger);
        TwinNamespaces.LoadInto(server.AddressSpace, twin.NamespaceUri);
        nodes = new TwinAddressSpace(server.AddressSpace, new TwinWriter(commands, time), time);
        nodes.Apply(twin);
    }

    /// <summary>Where clients connect; null while nobody can.</summary>
    public string? Endpoint => isListening && server.LocalEndPoint is { } at
        ? $"opc.tcp://{(server.Options.HostNames is [var name, ..] ? name : Environment.MachineName)}:{at.Port}" : null;

    /// <summary>Makes the nodes what a new configuration says; clients are told what changed.</summary>
    public void Apply(ServedTwin twin) => nodes.Apply(twin);

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(ListenAsync(stop), FollowAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The gateway stops; clients are told below.
        }

        if (isListening) await server.StopAsync(Grace);
        isListening = false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ListenAsync(CancellationToken stop)
    {
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                await server.StartAsync(stop);
                isListening = true;
                LogServing(Endpoint!, config.Users.Count, config.Anonymous ? " and whoever comes" : "");
                if (config.Anonymous && config.Policies.Contains("None") && config.Bind != "127.0.0.1")
                    LogOpen(config.Bind);
                return;
            }
            catch (SocketException taken)
            {
                if (attempts == 0) LogPortTaken(config.Bind, config.Port, taken.Message);
                await Task.Delay(RetryListening, time, stop);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        while (true)
        {
            await feed.WaitAsync(stop);
            nodes.Set(feed.Take());
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
