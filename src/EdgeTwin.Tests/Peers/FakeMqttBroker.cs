using System.Net;
using System.Net.Sockets;
using EdgeTwin.Tests.Golden;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Peers;

/// <summary>A broker that follows a script, byte by byte, one connection after the other.</summary>
internal sealed class FakeMqttBroker : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task running;

    private FakeMqttBroker(Func<Peer, Task>[] scripts)
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        running = RunAsync(scripts);
    }

    public int Port { get; }

    /// <summary>Plays one script per connection.</summary>
    public static FakeMqttBroker Start(params Func<Peer, Task>[] scripts) => new(scripts);

    /// <summary>A connection to it.</summary>
    public async Task<Stream> DialAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Waits until all scripts are through; throws what went wrong in one.</summary>
    public Task FinishAsync() => running.WaitAsync(RealTime.Patience);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await Task.WhenAny(running);
        end.Dispose();
    }

    private async Task RunAsync(Func<Peer, Task>[] scripts)
    {
        foreach (var script in scripts)
        {
            using var client = await listener.AcceptTcpClientAsync(end.Token);
            client.NoDelay = true;
            await script(new Peer(client, end.Token));
        }
    }

    internal sealed class Peer(TcpClient client, CancellationToken end)
    {
        private readonly NetworkStream stream = client.GetStream();

        /// <summary>Whether the client has sent something that was not read yet.</summary>
        public bool HasData => stream.DataAvailable;

        public async Task SendAsync(string annotated)
        {
            await stream.WriteAsync(MqttGoldenTests.Bytes(annotated), end);
        }

        public async Task SendAsync(byte[] bytes) => await stream.WriteAsync(bytes, end);

        /// <summary>Reads one packet, whatever it is: first byte and body.</summary>
        public async Task<(byte First, byte[] Body)> ReadPacketAsync()
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
            patience.CancelAfter(RealTime.Patience);
            var one = new byte[1];
            await stream.ReadExactlyAsync(one, patience.Token);
            var first = one[0];
            int length = 0, shift = 0;
            do
            {
                await stream.ReadExactlyAsync(one, patience.Token);
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
            while ((one[0] & 0x80) != 0);
            var body = new byte[length];
            await stream.ReadExactlyAsync(body, patience.Token);
            return (first, body);
        }

        /// <summary>The next packet must be exactly this.</summary>
        public async Task ExpectAsync(string annotated)
        {
            var expected = MqttGoldenTests.Bytes(annotated);
            var actual = new byte[expected.Length];
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
            patience.CancelAfter(RealTime.Patience);
            await stream.ReadExactlyAsync(actual, patience.Token);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
        }

        /// <summary>Takes any CONNECT and accepts it.</summary>
        public async Task AcceptAsync(bool sessionPresent = false)
        {
            Assert.Equal(0x10, (await ReadPacketAsync()).First);
            await SendAsync([0x20, 2, (byte)(sessionPresent ? 1 : 0), 0]);
        }

        /// <summary>The client closes (or resets) the connection.</summary>
        public async Task ExpectEndAsync()
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
            patience.CancelAfter(RealTime.Patience);
            var rest = new byte[4096];
            try
            {
                while (await stream.ReadAsync(rest, patience.Token) > 0) continue;
            }
            catch (IOException)
            {
                return; // reset is an end too
            }
        }

        public void Close() => client.Close();

        public void HalfClose() => client.Client.Shutdown(SocketShutdown.Send);
    }
}
