using System.Net;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Discovery;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>The parts of a server between start and stop, put together in one place.</summary>
internal sealed class RunningServer
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly ServerSecurity security;
    private readonly EndpointCatalog endpoints;
    private readonly LogonService logons;
    private readonly SessionManager sessions;
    private readonly OpcUaListener listener;
    private readonly Task sweeping;

    private RunningServer(OpcUaServerOptions options, AddressSpace space, TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);

        // 1. Who we are and whom we trust.
        security = new ServerSecurity(options, time, logger);
        endpoints = new EndpointCatalog(options, security);
        logons = new LogonService(options.Users, security.Users, time, logger);

        // 2. What is served.
        sessions = new SessionManager(new SessionTable(options.Sessions), logger);
        var services = new ServiceTable();
        new DiscoveryService(endpoints, options).AddTo(services);
        new SessionService(
            new SessionCreation(options, security, endpoints, sessions.Table),
            new SessionActivation(security, endpoints, logons, sessions), sessions, time).AddTo(services);

        // 3. The door, last: the first request may come at once.
        var dispatcher = new RequestDispatcher(services, sessions, EncodingLimits.Default, time, new FailureLog(logger));
        var limits = new ListenerOptions { MaxConnections = options.MaxConnections, Limits = options.Channel };
        listener = OpcUaListener.Start(
            new IPEndPoint(options.BindAddress, options.Port), dispatcher, security, limits, time, logger);
        endpoints.Port = listener.LocalEndPoint.Port;
        foreach (var client in options.ReverseConnectTo)
            listener.AddReverseConnection(client, options.ApplicationUri, endpoints.OwnUrl);
        sweeping = SweepAsync();
        ServerLog.Started(logger, listener.LocalEndPoint);
    }

    public IPEndPoint LocalEndPoint => listener.LocalEndPoint;

    public IReadOnlyList<EndpointDescription> Endpoints => endpoints.All(null);

    public static RunningServer Start(OpcUaServerOptions options, AddressSpace space, TimeProvider time, ILogger logger) =>
        new(options, space, time, logger);

    /// <summary>Stops in the reverse order of the start.</summary>
    public async Task StopAsync(TimeSpan grace, string reason)
    {
        if (grace > TimeSpan.Zero) await Task.Delay(grace, time, CancellationToken.None);
        await sessions.CloseAllAsync();
        await listener.DisposeAsync();
        await stopping.CancelAsync();
        await sweeping;
        logons.Dispose();
        security.Dispose();
        stopping.Dispose();
        ServerLog.Stopped(logger, reason);
    }

    // The one timer of sessions, requests and logons.
    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token)) Sweep();
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private void Sweep()
    {
        try
        {
            sessions.Sweep(time.GetElapsedTime(0, time.GetTimestamp()).Ticks);
            logons.Sweep();
        }
        // Deadlines must be kept also when a listener of a session's end fails.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            ServerLog.SweepFailed(logger, e);
        }
    }
}
