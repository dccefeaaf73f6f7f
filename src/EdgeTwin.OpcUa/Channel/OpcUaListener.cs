using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Schema;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// Accepts the connections of a server and looks after them: limits, deadlines, the end. A connection that breaks the
/// protocol, stalls or floods ends itself and nothing else.
/// </summary>
public sealed class OpcUaListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly IServerConnectionHandler handler;
    private readonly IServerSecurity security;
    private readonly ListenerOptions options;
    private readonly TimeProvider time;
    private readonly ConnectionLog log;
    private readonly MemoryBudget budget;
    private readonly ChannelIds ids = new();
    private readonly ConnectionTable table;
    private readonly CancellationTokenSource stopping = new();
    private readonly Socket socket;
    private readonly Lock gate = new();                       // guards running and dialling
    private readonly HashSet<Task> running = [];
    private readonly List<Task> dialling = [];
    private readonly Task accepting;
    private readonly Task sweeping;

    private OpcUaListener(
        IPEndPoint endpoint, IServerConnectionHandler handler, IServerSecurity security, ListenerOptions options,
        TimeProvider time, ILogger logger)
    {
        (this.handler, this.security, this.options, this.time) = (handler, security, options, time);
        log = new ConnectionLog(logger, time);
        budget = new MemoryBudget(options.MaxIncompleteBytes);
        table = new ConnectionTable(options.MaxConnections, options.MaxHalfOpen);
        socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endpoint);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        sweeping = SweepAsync();
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens; with the port that the system chose when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Connections at this moment, half-open ones included.</summary>
    public int ConnectionCount => table.Count;

    /// <summary>Connections that were refused or ended for a reason of the client's.</summary>
    public long RefusedCount => log.RefusedCount;

    /// <summary>Bytes kept of incomplete messages.</summary>
    public long IncompleteBytes => budget.Used;

    /// <summary>Binds and starts to serve.</summary>
    /// <param name="endpoint">Address and port; port 0 takes a free one.</param>
    /// <param name="handler">Gets the requests.</param>
    /// <param name="security">Says with which policies and certificates channels are opened.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock of deadlines and token lifetimes.</param>
    /// <param name="logger">Gets why connections were refused.</param>
    /// <exception cref="SocketException">The address is in use or not ours.</exception>
    public static OpcUaListener Start(
        IPEndPoint endpoint, IServerConnectionHandler handler, IServerSecurity security, ListenerOptions options,
        TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        return new OpcUaListener(endpoint, handler, security, options, time, logger);
    }

    /// <summary>The connections at this moment whose channel is open.</summary>
    public IReadOnlyList<ServerConnection> OpenConnections() => [.. table.Snapshot().Where(static c => c.IsOpen)];

    /// <summary>Dials a client that cannot reach us, again and again until the listener is disposed: a connection is
    /// kept
    /// open, and the client opens its channel over it (OPC 10000-6 §7.1.3, ReverseHello).</summary>
    /// <param name="client">URL where the client listens, <c>opc.tcp://host:port</c>.</param>
    /// <param name="serverUri">Our application URI.</param>
    /// <param name="endpointUrl">URL of the endpoint that the client is to name in HEL.</param>
    public void AddReverseConnection(Uri client, string serverUri, string endpointUrl)
    {
        ArgumentNullException.ThrowIfNull(client);
        var connector = new ReverseConnector(
            client, new ReverseHelloMessage(serverUri, endpointUrl), Admit, log, time);
        lock (gate) dialling.Add(connector.RunAsync(stopping.Token));
    }

    /// <summary>Ends every connection with <c>BadServerHalted</c>, and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        socket.Dispose();
        var open = table.Close();
        foreach (var connection in open) connection.Abort(StatusCodes.BadServerHalted, "the server stops");
        foreach (var connection in open) connection.Drop(StatusCodes.BadServerHalted, "the server stops");
        Task[] all;
        lock (gate) all = [.. running, .. dialling];
        await Task.WhenAll(all);
        await accepting;
        await sweeping;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync();
                _ = Admit(accepted, null); // held in running
            }
            catch (Exception e) when (e is ObjectDisposedException || stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                // The client left before it was accepted, or file descriptors ran out: the next one may fare better.
                log.AcceptFailed(e);
                if (!await PauseAsync(TimeSpan.FromMilliseconds(100))) return;
            }
        }
    }

    // Runs a connection, or turns it away when there is no room for it.
    private Task Admit(Socket accepted, ReverseHelloMessage? hello)
    {
        accepted.NoDelay = true;
        var connection = new ServerConnection(accepted, handler, security, options.Limits, budget, ids, log, time);
        if (!table.TryAdd(connection))
        {
            connection.Refuse();
            return Task.CompletedTask;
        }

        var task = Task.Run(() => RunAsync(connection, hello));
        lock (gate) running.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    private async Task RunAsync(ServerConnection connection, ReverseHelloMessage? hello)
    {
        try
        {
            if (hello is { } said) connection.SayReverseHello(said);
            await connection.RunAsync();
        }
        finally
        {
            table.Remove(connection);
        }
    }

    private void Forget(Task task)
    {
        lock (gate) running.Remove(task);
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var now = time.Monotonic();
                foreach (var connection in table.Snapshot()) connection.CheckDeadlines(now);
                log.Report();
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
