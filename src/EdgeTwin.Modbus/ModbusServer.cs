using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Modbus;

/// <summary>
/// A Modbus TCP server over a data store. A client that breaks the protocol, idles or floods ends its own connection
/// and nothing else.
/// </summary>
public sealed partial class ModbusServer : IAsyncDisposable
{
    private readonly IModbusDataStore store;
    private readonly ModbusServerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Socket listener;
    private readonly Lock gate = new();   // guards connections, turningAway and stopping
    private readonly Dictionary<Stream, Task> connections = [];
    private readonly Task accepting;
    private bool turningAway;
    private bool stopping;
    private long requests, turnedAway, broken, idle;

    private ModbusServer(
        IPEndPoint endpoint, IModbusDataStore store, ModbusServerOptions options, TimeProvider time, ILogger logger)
    {
        this.store = store;
        this.options = options;
        this.time = time;
        this.logger = logger;
        listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endpoint);
            listener.Listen();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        accepting = AcceptAsync();
    }

    /// <summary>Where it listens; with the port that the system chose when 0 was asked for.</summary>
    public IPEndPoint Endpoint =>
        (IPEndPoint)(listener.LocalEndPoint ?? throw new ObjectDisposedException(nameof(ModbusServer)));

    /// <summary>What it has seen so far.</summary>
    public ModbusServerCounters Counters
    {
        get
        {
            int open;
            lock (gate) open = connections.Count;
            return new(open, Interlocked.Read(ref requests), Interlocked.Read(ref turnedAway),
                Interlocked.Read(ref broken), Interlocked.Read(ref idle));
        }
    }

    /// <summary>Binds and starts to serve.</summary>
    /// <exception cref="SocketException">The address is in use or not ours.</exception>
    public static ModbusServer Start(
        IPEndPoint endpoint, IModbusDataStore store, ModbusServerOptions options, TimeProvider time, ILogger logger) =>
        new(endpoint, store, options, time, logger);

    /// <summary>Closes the listener and every connection, and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        KeyValuePair<Stream, Task>[] open;
        lock (gate)
        {
            stopping = true;
            open = [.. connections];
        }

        listener.Dispose();
        foreach (var (stream, _) in open) await stream.DisposeAsync();
        await Task.WhenAll(open.Select(connection => connection.Value));
        await accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Admit(await listener.AcceptAsync());
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                return; // disposed
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // The client left before it was accepted, or file descriptors ran out: the next one may fare better.
                LogAcceptFailed(logger, e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time);
            }
        }
    }

    private void Admit(Socket client)
    {
        client.NoDelay = true;
        var stream = new NetworkStream(client, ownsSocket: true);
        lock (gate)
        {
            if (!stopping && connections.Count < options.MaxConnections)
            {
                turningAway = false;
                connections.Add(stream, Task.Run(() => ServeAsync(stream)));
                return;
            }

            if (!turningAway && !stopping) LogTurningAway(logger, options.MaxConnections);
            turningAway = true;
        }

        Interlocked.Increment(ref turnedAway);
        stream.Dispose();
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        try
        {
            var connection =
                new ServerConnection(stream, new ServerSession(store), options.IdleTimeout, time, CountRequest);
            var end = await connection.RunAsync();
            if (end == ServerConnectionEnd.Broken) Interlocked.Increment(ref broken);
            if (end == ServerConnectionEnd.Idle) Interlocked.Increment(ref idle);
            LogEnded(logger, end);
        }
        // the store is not ours: whatever it throws may end this connection, but never the server
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogStoreFailed(logger, e);
        }
        finally
        {
            await stream.DisposeAsync();
            lock (gate) connections.Remove(stream);
        }
    }

    private void CountRequest() => Interlocked.Increment(ref requests);

    [LoggerMessage(1000, LogLevel.Warning, "Modbus server: a connection could not be accepted")]
    private static partial void LogAcceptFailed(ILogger logger, Exception cause);

    [LoggerMessage(1001, LogLevel.Warning,
        "Modbus server: {Limit} clients are connected; further ones are turned away")]
    private static partial void LogTurningAway(ILogger logger, int limit);

    [LoggerMessage(1002, LogLevel.Debug, "Modbus server: a connection ended: {End}")]
    private static partial void LogEnded(ILogger logger, ServerConnectionEnd end);

    [LoggerMessage(1003, LogLevel.Error, "Modbus server: the data store failed; the connection that asked is closed")]
    private static partial void LogStoreFailed(ILogger logger, Exception cause);
}
