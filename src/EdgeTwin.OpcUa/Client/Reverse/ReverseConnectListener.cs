using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Client.Reverse;

/// <summary>
/// Waits for servers that dial their clients, because the clients cannot reach them (OPC 10000-6 §7.1.3). One listener
/// serves any number of clients, each of which expects one server by its application URI; other servers are turned
/// away. What a server says of itself here proves nothing: its certificate does, when the channel is opened.
/// </summary>
public sealed class ReverseConnectListener : IAsyncDisposable
{
    private const int Backlog = 64;

    // Whoever connects and says nothing takes one of these until the deadline.
    private const int MostSilent = 64;

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Socket socket;
    private readonly ConcurrentDictionary<string, ReverseQueue> expected = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    private ReverseConnectListener(IPEndPoint endpoint, TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);
        socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens; with the port that the system chose when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Binds and begins to wait.</summary>
    /// <param name="endpoint">Address and port that the servers dial; port 0 takes a free one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets which servers were turned away.</param>
    /// <exception cref="SocketException">The address is in use or not ours.</exception>
    public static ReverseConnectListener Start(IPEndPoint endpoint, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(time);
        return new ReverseConnectListener(endpoint, time, logger);
    }

    /// <summary>Waits no longer. Clients that expect a server lose nothing that they have.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        socket.Dispose();
        await accepting;
        foreach (var queue in expected.Values) queue.Dispose();
        stop.Dispose();
    }

    /// <summary>Lets a server in from now on.</summary>
    internal void Expect(string serverUri) => expected.TryAdd(serverUri, new ReverseQueue());

    /// <summary>The next connection of a server; waits until it dials.</summary>
    internal Task<ReverseConnection> TakeAsync(string serverUri, CancellationToken cancellation) =>
        expected[serverUri].TakeAsync(cancellation);

    private async Task AcceptAsync()
    {
        var greeting = new List<Task>();
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(stop.Token);
                greeting.RemoveAll(static g => g.IsCompleted);
                if (greeting.Count == MostSilent) accepted.Dispose();
                else greeting.Add(GreetAsync(accepted));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException
                || stop.IsCancellationRequested)
            {
                await Task.WhenAll(greeting);
                return;
            }
            catch (SocketException)
            {
                // The server left before it was accepted, or file descriptors ran out: the next one may fare better.
                await Task.Delay(AcceptPause, time, CancellationToken.None);
            }
        }
    }

    private async Task GreetAsync(Socket accepted)
    {
        var remote = accepted.RemoteEndPoint;
        try
        {
            var hello = await ReverseGreeting.ReadAsync(accepted, time, stop.Token);
            if (!expected.TryGetValue(hello.ServerUri!, out var queue))
            {
                throw new OpcUaException(StatusCodes.BadTcpEndpointUrlInvalid,
                    $"nobody here expects the server {hello.ServerUri}");
            }

            queue.Add(new ReverseConnection(accepted, hello.EndpointUrl!));
        }
        catch (OpcUaException e)
        {
            ReverseLog.TurnedAway(logger, remote, e.Message);
            accepted.Dispose();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            accepted.Dispose(); // It left, or the listener stops.
        }
    }
}
