using System.Net.Http;
using System.Net.WebSockets;

namespace EdgeTwin.Mqtt;

/// <summary>The bytes of MQTT inside the binary messages of a WebSocket (§6). How they are cut into messages means
/// nothing [MQTT-6.0.0-2].</summary>
internal sealed class WebSocketStream(WebSocket socket) : Stream
{
    private const string Protocol = "mqtt"; // [MQTT-6.0.0-3]

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Asks the server behind a connected stream for a WebSocket; the stream then belongs to it.</summary>
    /// <exception cref="MqttException">Unreachable: the server does not offer MQTT there.</exception>
    public static async Task<Stream> OpenAsync(
        Stream connected, string host, int port, MqttWebSocketOptions options, CancellationToken cancellation)
    {
        var address = new UriBuilder("ws", host, port) { Path = options.Path }.Uri;
        var client = new ClientWebSocket();
        try
        {
            client.Options.AddSubProtocol(Protocol);
            client.Options.KeepAliveInterval = TimeSpan.Zero; // MQTT has its own
            foreach (var (name, value) in options.Headers) client.Options.SetRequestHeader(name, value);
            // TLS is below already, so that one place decides whom to trust.
            using var handler = new SocketsHttpHandler
            {
                ConnectCallback = (_, _) => ValueTask.FromResult(connected),
                UseProxy = false,
                AllowAutoRedirect = false,
            };
            using var invoker = new HttpMessageInvoker(handler);
            await client.ConnectAsync(address, invoker, cancellation);
        }
        catch (WebSocketException error)
        {
            client.Dispose();
            await connected.DisposeAsync();
            throw new MqttException(MqttError.Unreachable,
                $"{address} is no WebSocket for MQTT: {error.Message}", error);
        }
        catch
        {
            client.Dispose();
            await connected.DisposeAsync();
            throw;
        }
        return new WebSocketStream(client);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var received = await ReceiveAsync(buffer, cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return 0;
            if (received.MessageType != WebSocketMessageType.Binary) // [MQTT-6.0.0-1]
                throw MqttException.Violation("text inside the WebSocket, where MQTT is binary");
            if (received.Count > 0) return received.Count; // an empty message is not the end
        }
    }

    // An aborted socket tells its reader that it was cancelled; to the reader of a stream it is closed.
    private async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(
        Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellation);
        }
        catch (OperationCanceledException aborted) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("the WebSocket is closed", aborted);
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) socket.Abort(); // at once, as a TCP stream; MQTT has said its good-bye
        socket.Dispose();
        base.Dispose(disposing);
    }
}
