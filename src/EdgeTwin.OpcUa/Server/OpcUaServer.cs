using System.Net;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>An OPC UA server: an address space, and the services that clients use on it.</summary>
/// <remarks>Make it, fill its address space, start it. The space may also change while it runs.</remarks>
public sealed class OpcUaServer : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly SemaphoreSlim changing = new(1, 1); // guards running against start and stop at the same time
    private readonly EventHub events;
    private RunningServer? running;
    private bool disposed;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="options">What it is to be.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="logger">Where it tells of sessions and failures.</param>
    public OpcUaServer(OpcUaServerOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        (Options, this.time, this.logger) = (options, time, logger);
        var limits = options.Limits with { MaxSessions = (uint)options.Sessions.MaxSessions };
        AddressSpace = Namespace0.Create(time, limits, options.ApplicationUri);
        events = new EventHub(AddressSpace);
        AddressSpace.Events = events;
    }

    /// <summary>What it was made from.</summary>
    public OpcUaServerOptions Options { get; }

    /// <summary>Its nodes; namespace 0 is there from the beginning, the application's own namespace has the index
    /// 1.</summary>
    public AddressSpace AddressSpace { get; }

    /// <summary>Where it listens, with the port that the system chose when 0 was asked for; null while it does not
    /// run.</summary>
    public IPEndPoint? LocalEndPoint => running?.LocalEndPoint;

    /// <summary>The endpoints that discovery tells, under the first host name; empty while it does not run.</summary>
    public IReadOnlyList<EndpointDescription> Endpoints => running?.Endpoints ?? [];

    /// <summary>Prepares the certificates, listens and serves.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is in use or not ours.</exception>
    /// <exception cref="IOException">The folder of certificates cannot be used.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await changing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (running is not null) throw new InvalidOperationException("the server runs already");
            running = new RunningServer(Options, AddressSpace, events, time, logger);
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Tells clients that it shuts down, gives them <paramref name="grace"/> to see it, then ends sessions
    /// and connections.
    /// Does nothing while it does not run.</summary>
    /// <param name="grace">How long it still serves; zero ends at once.</param>
    /// <param name="reason">Why, for people: ShutdownReason of the server's status.</param>
    public async Task StopAsync(TimeSpan grace, string reason = "The server is being shut down.")
    {
        await changing.WaitAsync(CancellationToken.None);
        try
        {
            if (running is { } stopping)
            {
                await stopping.StopAsync(grace, reason);
                running = null;
            }
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Stops without grace and lets go of the nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        await StopAsync(TimeSpan.Zero);
        disposed = true;
        AddressSpace.Dispose();
        changing.Dispose();
    }
}
