using System.Net;
using System.Net.Sockets;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>Stands between client and server and can swallow everything, as a router without power does: nobody's
/// connection is closed, nothing arrives.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> loops = [];
    private readonly Task accepting;
    private volatile bool swallows;

    public TcpProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From now on nothing passes; connections of before never pass anything again.</summary>
    public void Swallow() => swallows = true;

    /// <summary>New connections pass again.</summary>
    public void Pass() => swallows = false;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(loops);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                loops.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using var both = client;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, end.Token);
            var dead = new StrongFlag();
            var first = await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), dead, end.Token),
                PumpAsync(server.GetStream(), client.GetStream(), dead, end.Token));
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side is gone; so is the other in a moment.
        }

        await end.CancelAsync();
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, StrongFlag dead, CancellationToken cancellation)
    {
        var buffer = new byte[65536];
        while (true)
        {
            var count = await from.ReadAsync(buffer, cancellation);
            if (swallows) dead.Set = true;
            if (dead.Set && count == 0) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            if (count == 0) return;
            if (!dead.Set) await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
    }

    private sealed class StrongFlag
    {
        public volatile bool Set;
    }
}
