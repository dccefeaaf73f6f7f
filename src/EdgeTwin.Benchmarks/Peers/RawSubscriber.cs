using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>Reads a broker's messages with no library in between: MQTT 3.1.1, QoS 0, each payload to one
/// callback.</summary>
internal sealed class RawSubscriber : IAsyncDisposable
{
    private readonly TcpClient socket;
    private readonly ReadOnlySpanAction<byte, long> onPayload;
    private readonly Task reading;

    private RawSubscriber(TcpClient socket, ReadOnlySpanAction<byte, long> onPayload)
    {
        this.socket = socket;
        this.onPayload = onPayload;
        reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <param name="port">Of the broker, on the loopback.</param>
    /// <param name="filter">Topics.</param>
    /// <param name="onPayload">Gets each payload and when it came, as a timestamp of the system's clock.</param>
    public static async Task<RawSubscriber> StartAsync(int port, string filter,
        ReadOnlySpanAction<byte, long> onPayload)
    {
        var opened = new TcpClient { NoDelay = true, ReceiveBufferSize = 1 << 22 };
        await opened.ConnectAsync("127.0.0.1", port);
        var stream = opened.GetStream();
        // CONNECT: protocol level 4, clean session, no keep-alive, client id "audit" (MQTT 3.1.1 §3.1).
        await stream.WriteAsync(
            (byte[])[0x10, 17, 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, 5, .. "audit"u8]);
        await stream.ReadExactlyAsync(new byte[4]);
        var name = Encoding.UTF8.GetBytes(filter);
        // SUBSCRIBE, one filter, QoS 0 (§3.8); SUBACK has five bytes (§3.9).
        await stream.WriteAsync(
            (byte[])[0x82, (byte)(name.Length + 5), 0, 1, 0, (byte)name.Length, .. name, 0]);
        await stream.ReadExactlyAsync(new byte[5]);
        return new RawSubscriber(opened, onPayload);
    }

    public async ValueTask DisposeAsync()
    {
        socket.Client.Close(0);
        await reading;
        socket.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[1 << 22];
        var filled = 0;
        try
        {
            while (true)
            {
                var read = socket.Client.Receive(buffer.AsSpan(filled));
                if (read == 0) return;
                filled += read;
                var at = Take(buffer.AsSpan(0, filled), TimeProvider.System.GetTimestamp());
                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            return; // closed by this side, or the broker has gone
        }
    }

    private int Take(ReadOnlySpan<byte> bytes, long now)
    {
        var at = 0;
        while (true)
        {
            // Fixed header (§2.2): type, then the remaining length, seven bits a byte.
            int length = 0, shift = 0, body = at + 1;
            do
            {
                if (body >= bytes.Length) return at;
                length |= (bytes[body] & 0x7F) << shift;
                shift += 7;
            }
            while ((bytes[body++] & 0x80) != 0);
            if (body + length > bytes.Length) return at;
            if (bytes[at] >> 4 == 3)
            {
                var topic = bytes[body] << 8 | bytes[body + 1];
                onPayload(bytes.Slice(body + 2 + topic, length - 2 - topic), now);
            }

            at = body + length;
        }
    }
}
