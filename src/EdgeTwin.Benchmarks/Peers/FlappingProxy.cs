using System.Net;
using System.Net.Sockets;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A TCP proxy in front of a broker that can be cut: connections are reset and new ones refused until
/// mended.</summary>
internal sealed class FlappingProxy : IAsyncDisposable
{
    private readonly int target;
    private readonly CancellationTokenSource stop = new();
    private readonly List<(Socket Client, Socket Server, Task Pump)> links = [];
    private readonly Lock guard = new();
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;
    private TaskCompletionSource? stalled;

    public FlappingProxy(int target)
    {
        this.target = target;
        Port = Ports.Free();
        Mend();
    }

    public int Port { get; }

    /// <summary>Resets every connection and refuses new ones.</summary>
    public async Task CutAsync()
    {
        listener?.Stop();
        listener = null;
        await accepting;
        (Socket Client, Socket Server, Task Pump)[] cut;
        lock (guard)
        {
            cut = [.. links];
            links.Clear();
        }

        foreach (var (client, server, pump) in cut)
        {
            client.Close(0); // RST, in the middle of whatever is under way
            server.Close(0);
            await pump;
        }
    }

    public void Mend()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    /// <summary>A black hole: connections stay and nothing passes, until <see cref="Resume"/>.</summary>
    public void Stall() =>
        Volatile.Write(ref stalled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>What was held back passes again.</summary>
    public void Resume() => Interlocked.Exchange(ref stalled, null)?.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Resume();
        await stop.CancelAsync();
        await CutAsync();
        stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true) await LinkAsync(await from.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException
            or InvalidOperationException) // ObjectDisposedException is one
        {
            // The listener was stopped, maybe just before it was asked for the next connection.
        }
    }

    private async Task LinkAsync(TcpClient client)
    {
        var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
        }
        catch (SocketException)
        {
            client.Client.Close(0); // the broker behind is away
            server.Dispose();
            return;
        }

        lock (guard) links.Add((client.Client, server.Client, PumpBothAsync(client, server)));
    }

    private async Task PumpBothAsync(TcpClient client, TcpClient server)
    {
        using (client)
        using (server)
        {
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is var read and > 0)
            {
                if (Volatile.Read(ref stalled) is { } hole) await hole.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side went away; the pair ends together.
        }
    }
}
