using System.Net;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Diagnostics;
using EdgeTwin.OpcUa.Server.Discovery;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Server.Users;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>The parts of a server between start and stop, put together in one place.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping = new();
    private readonly ServerSecurity security;
    private readonly EndpointCatalog endpoints;
    private readonly LogonService logons;
    private readonly SessionManager sessions;
    private readonly SubscriptionManager subscriptions;
    private readonly ServerStatusNodes status;
    private readonly OpcUaListener listener;
    private readonly DiscoveryRegistration? registration;
    private readonly Task sweeping;

    public RunningServer(
        OpcUaServerOptions options, AddressSpace space, EventHub events, TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);

        // 1. Who we are and whom we trust.
        security = new ServerSecurity(options, time, logger);
        endpoints = new EndpointCatalog(options, security);
        logons = new LogonService(options.Users, security.Users, time, logger);

        // 2. What is served. Who is told of the end of a session: subscriptions first, then what shows them.
        var failures = new FailureLog(logger);
        sessions = new SessionManager(new SessionTable(options.Sessions), logger);
        subscriptions = new SubscriptionManager(SubscriptionLimits.Of(options.Limits), time, events, logger);
        sessions.Add(subscriptions);
        sessions.Add(new DiagnosticsNodes(space, sessions, subscriptions, failures, time));
        status = new ServerStatusNodes(space, options.BuildInfo, time);
        new SubscriptionMethods(subscriptions).Register(space, events);
        var services = Services(options, space, events);

        // 3. The door, last: the first request may come at once.
        var dispatcher = new RequestDispatcher(services, sessions, Limits(options.Limits), time, failures);
        var limits = new ListenerOptions { MaxConnections = options.MaxConnections, Limits = options.Channel };
        listener = OpcUaListener.Start(
            new IPEndPoint(options.BindAddress, options.Port), dispatcher, security, limits, time, logger);
        endpoints.Port = listener.LocalEndPoint.Port;
        foreach (var client in options.ReverseConnectTo)
            listener.AddReverseConnection(client, options.ApplicationUri, endpoints.OwnUrl);
        registration = options.DiscoveryServer is { } directory
            ? new DiscoveryRegistration(directory, endpoints, options, security, time, logger) : null;
        sweeping = SweepAsync();
        ServerLog.Started(logger, listener.LocalEndPoint);
    }

    public IPEndPoint LocalEndPoint => listener.LocalEndPoint;

    public IReadOnlyList<EndpointDescription> Endpoints => endpoints.All(null);

    /// <summary>Stops in the reverse order of the start.</summary>
    public async Task StopAsync(TimeSpan grace, string reason)
    {
        status.BeginShutdown(grace, reason);
        if (registration is not null) await registration.DisposeAsync();
        if (grace > TimeSpan.Zero) await Task.Delay(grace, time, CancellationToken.None);
        await sessions.CloseAllAsync();
        await subscriptions.DisposeAsync();
        await listener.DisposeAsync();
        await stopping.CancelAsync();
        await sweeping;
        logons.Dispose();
        security.Dispose();
        stopping.Dispose();
        ServerLog.Stopped(logger, reason);
    }

    private static EncodingLimits Limits(ServerLimits limits) => new()
    {
        MaxArrayLength = (int)Math.Min(limits.MaxArrayLength, int.MaxValue),
        MaxStringLength = (int)Math.Min(limits.MaxStringLength, int.MaxValue),
        MaxByteStringLength = (int)Math.Min(limits.MaxByteStringLength, int.MaxValue),
    };

    private ServiceTable Services(OpcUaServerOptions options, AddressSpace space, EventHub events)
    {
        var services = new ServiceTable();
        new DiscoveryService(endpoints, options).Register(services);
        var creation = new SessionCreation(options, security, endpoints, sessions.Table);
        var activation = new SessionActivation(security, endpoints, logons, sessions);
        new SessionService(creation, activation, sessions, subscriptions, time).Register(services);
        new ViewService(space, options.Limits).Register(services);
        new AttributeService(space, options.Limits).Register(services);
        new HistoryService(space, options.Limits, options.History).Register(services);
        new MethodService(space, options.Limits).Register(services);
        new SubscriptionService(subscriptions).Register(services);
        new MonitoredItemService(subscriptions, space, events).Register(services);
        return services;
    }

    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero, "disposed");

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
