using System.Buffers.Binary;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>One end of a connection that sends whatever bytes it is told to, and reads frames.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    private uint sequence;

    public uint ChannelId { get; private set; }

    public uint TokenId { get; private set; }

    public Socket Socket => socket;

    public static byte[] Hello(
        uint receive = 65536, uint send = 65536, uint message = 0, uint chunks = 0, string? url = "opc.tcp://x",
        uint version = 0)
    {
        var sink = new ListSink();
        new HelloMessage(new AnnouncedLimits(version, receive, send, message, chunks), url).Write(sink);
        return sink.Frames[0];
    }

    /// <summary>A frame of any type with any body.</summary>
    public static byte[] Frame(string type, params byte[] body)
    {
        byte[] frame = [.. System.Text.Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), frame.Length);
        return frame;
    }

    public async Task SendAsync(params byte[][] frames)
    {
        foreach (var frame in frames)
        {
            var sent = 0;
            while (sent < frame.Length) sent += await socket.SendAsync(frame.AsMemory(sent));
        }
    }

    /// <summary>The next frame; null when the connection is over.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        var header = await ReadAsync(8, patience.Token);
        if (header is null) return null;
        var rest = await ReadAsync(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)) - 8, patience.Token);
        return rest is null ? null : [.. header, .. rest];
    }

    /// <summary>The code of the ERR that ends the connection; null when it ends without one.</summary>
    public async Task<uint?> EndAsync()
    {
        uint? status = null;
        while (await ReadAsync() is { } frame)
        {
            if (frame[0] == 'E') status = ErrorMessage.Read(frame.AsSpan(8)).Status.Value;
        }

        return status;
    }

    /// <summary>HEL, ACK and OPN without security.</summary>
    public async Task OpenAsync(byte[]? hello = null)
    {
        await SendAsync(hello ?? Hello());
        Assert.Equal((byte)'A', (await ReadAsync())![0]);
        await SendAsync(Open());
        await TakeOpenAsync();
    }

    public async Task TakeOpenAsync()
    {
        var answer = await ReadAsync() ?? throw new IOException("closed before OPN");
        Assert.Equal("OPN", System.Text.Encoding.ASCII.GetString(answer, 0, 3));
        var header = AsymmetricHeader.Read(answer);
        var response = MessageBody.Read<OpenSecureChannelResponse>(
            answer.AsSpan(header.Bytes + 8), OpenSecureChannelResponse.EncodingId, EncodingLimits.Default);
        (ChannelId, TokenId) = (response.SecurityToken.ChannelId, response.SecurityToken.TokenId);
    }

    /// <summary>An OPN without security.</summary>
    public byte[] Open(
        SecurityTokenRequestType type = SecurityTokenRequestType.Issue, uint? channel = null,
        MessageSecurityMode mode = MessageSecurityMode.None, string policy = "None", byte[]? certificate = null,
        byte[]? thumbprint = null)
    {
        using var body = MessageBuffer.Rent(4096);
        MessageBody.Write(body, new OpenSecureChannelRequest
        {
            RequestType = type,
            SecurityMode = mode,
            RequestedLifetime = 60_000,
        });
        var uri = "http://opcfoundation.org/UA/SecurityPolicy#" + policy;
        var clear = AsymmetricHeader.Length(uri, certificate, thumbprint);
        var frame = new byte[clear + 8 + body.Length];
        EdgeTwin.OpcUa.Channel.Frame.Write(frame, MessageType.Open, ChunkKind.Final);
        AsymmetricHeader.Write(frame, channel ?? ChannelId, uri, certificate, thumbprint);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(clear), ++sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(clear + 4), 1);
        body.Written.CopyTo(frame.AsSpan(clear + 8));
        return frame;
    }

    /// <summary>A chunk without security, in its right order unless told otherwise.</summary>
    public byte[] Chunk(
        ReadOnlySpan<byte> body, uint request = 2, char kind = 'F', uint? channel = null, uint? token = null,
        uint? number = null, MessageType type = MessageType.Message)
    {
        var frame = new byte[24 + body.Length];
        SymmetricChunk.WriteHeaders(frame, type, (ChunkKind)kind, channel ?? ChannelId, token ?? TokenId,
            number ?? ++sequence, request);
        body.CopyTo(frame.AsSpan(24));
        return frame;
    }

    public void Dispose() => socket?.Dispose();

    private async Task<byte[]?> ReadAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            try
            {
                var got = await socket.ReceiveAsync(bytes.AsMemory(read), cancellation);
                if (got == 0) return null;
                read += got;
            }
            catch (SocketException)
            {
                return null; // reset
            }
        }

        return bytes;
    }
}
