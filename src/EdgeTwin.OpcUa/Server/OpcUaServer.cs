using System.Net;
using EdgeTwin.OpcUa.Schema;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>An OPC UA server: an address space, and the services that clients use on it.</summary>
/// <remarks>Make it, fill its address space, start it. Everything may also change while it runs.</remarks>
public sealed class OpcUaServer(OpcUaServerOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly TimeProvider time = time;
    private readonly ILogger logger = logger;

    /// <summary>What it was made from.</summary>
    public OpcUaServerOptions Options { get; } = options;

    /// <summary>Where it listens, once started; with the port that the system chose when 0 was asked for.</summary>
    public IPEndPoint? LocalEndPoint { get; private set; }

    /// <summary>The endpoints that discovery tells, under the first host name; empty before it is started.</summary>
    public IReadOnlyList<EndpointDescription> Endpoints { get; private set; } = [];

    /// <summary>Prepares the certificate, listens and serves.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is in use or not ours.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Tells clients that it shuts down, waits for what is under way up to <paramref name="grace"/>, then closes everything.</summary>
    public Task StopAsync(TimeSpan grace, string reason = "shutdown") => throw new NotImplementedException();

    /// <summary>Stops without grace.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
