using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Tests.OpcUa.Channel;

namespace EdgeTwin.Tests.Peers;

/// <summary>The client against servers that lie: it fails with a code, in time, and believes nothing.</summary>
public sealed class OpcUaHostileServerTests : IDisposable
{
    private const uint Channel = 77;
    private const uint Token = 5;
    private static readonly byte[] Ping = [1, 0, 119, 2, 7];
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public OpcUaHostileServerTests() => listener.Start();

    /// <summary>What answers HEL, and the code with which connecting fails.</summary>
    public static TheoryData<string, byte[], uint> ToHello => new()
    {
        { "http", "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), StatusCodes.BadTcpMessageTypeInvalid },
        { "OPN", RawPeer.Frame("OPNF", new byte[20]), StatusCodes.BadTcpMessageTypeInvalid },
        { "HEL", RawPeer.Hello(), StatusCodes.BadTcpMessageTypeInvalid },
        { "ACK of 12 bytes", RawPeer.Frame("ACKF", new byte[4]), StatusCodes.BadDecodingError },
        { "ACK of 1 GB", [.. "ACKF"u8, 0, 0, 0, 0x40], StatusCodes.BadTcpMessageTooLarge },
        { "buffers of 0", Acknowledge(0, 0), StatusCodes.BadTcpInternalError },
        { "buffers of 4 GB", Acknowledge(uint.MaxValue, uint.MaxValue), StatusCodes.BadTcpInternalError },
        { "larger chunks than offered", Acknowledge(65536, 65537), StatusCodes.BadTcpInternalError },
        { "ERR", RawPeer.Frame("ERRF", [0, 0, 0x7D, 0x80, 2, 0, 0, 0, 0x6E, 0x6F]), StatusCodes.BadTcpServerTooBusy },
        { "ERR with a reason of 1 GB", RawPeer.Frame("ERRF", [0, 0, 0x7D, 0x80, 0, 0, 0, 0x40]),
            StatusCodes.BadTcpServerTooBusy },
        { "ERR without a body", RawPeer.Frame("ERRF"), StatusCodes.BadCommunicationError },
        { "ERR that is good", RawPeer.Frame("ERRF", new byte[8]), StatusCodes.BadCommunicationError },
        { "nothing", [], StatusCodes.BadConnectionClosed },
    };

    [Theory]
    [MemberData(nameof(ToHello))]
    public async Task A_wrong_answer_to_hello_fails(string what, byte[] answer, uint code)
    {
        var serving = ServeAsync(async peer =>
        {
            await peer.ReadAsync();
            await peer.SendAsync(answer);
        });
        var failed = await Assert.ThrowsAsync<OpcUaException>(() => ConnectAsync());
        Assert.Equal((what, code), (what, failed.Status.Value));
        await serving;
    }

    [Theory]
    [InlineData("another channel in the body", StatusCodes.BadTcpSecureChannelUnknown)]
    [InlineData("channel 0", StatusCodes.BadTcpSecureChannelUnknown)]
    [InlineData("another request", StatusCodes.BadUnknownResponse)]
    [InlineData("another policy", StatusCodes.BadSecurityPolicyRejected)]
    [InlineData("a fault", StatusCodes.BadTcpServerTooBusy)]
    [InlineData("another message", StatusCodes.BadUnknownResponse)]
    [InlineData("an empty body", StatusCodes.BadDecodingError)]
    [InlineData("a response first", StatusCodes.BadTcpMessageTypeInvalid)]
    public async Task A_wrong_answer_to_the_opening_fails(string what, uint code)
    {
        var serving = ServeAsync(async peer =>
        {
            await peer.ReadAsync();
            await peer.SendAsync(Acknowledge(65536, 65536));
            await peer.ReadAsync();
            await peer.SendAsync(what switch
            {
                "another channel in the body" => Opened(Response(Channel + 1)),
                "channel 0" => Opened(Response(0), channel: 0),
                "another request" => Opened(Response(Channel), request: 9),
                "another policy" => Opened(Response(Channel), policy: "Basic256Sha256"),
                "a fault" => Opened(new ServiceFault
                {
                    ResponseHeader = new ResponseHeader { ServiceResult = StatusCodes.BadTcpServerTooBusy },
                }),
                "another message" => Opened(new ReadResponse()),
                "an empty body" => Opened([]),
                _ => Chunk(1, 1, Ping),
            });
        });
        var failed = await Assert.ThrowsAsync<OpcUaException>(() => ConnectAsync());
        Assert.Equal((what, code), (what, failed.Status.Value));
        await serving;
    }

    [Theory]
    [InlineData("another channel", StatusCodes.BadTcpSecureChannelUnknown)]
    [InlineData("another token", StatusCodes.BadSecureChannelTokenUnknown)]
    [InlineData("repeated number", StatusCodes.BadSequenceNumberInvalid)]
    [InlineData("a gap", StatusCodes.BadSequenceNumberInvalid)]
    [InlineData("OPN unasked", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("CLO", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("chunks without end", StatusCodes.BadTcpMessageTooLarge)]
    [InlineData("ERR", StatusCodes.BadServerHalted)]
    [InlineData("the end", StatusCodes.BadConnectionClosed)]
    public async Task What_breaks_the_channel_fails_all_who_wait(string what, uint code)
    {
        var serving = ServeAsync(async peer =>
        {
            await OpenAsync(peer);
            var request = SymmetricChunk.RequestId(ListSink.AsFrame((await peer.ReadAsync())!));
            await peer.SendAsync(what switch
            {
                "another channel" => [Chunk(2, request, Ping, channel: 1)],
                "another token" => [Chunk(2, request, Ping, token: 1)],
                "repeated number" => [Chunk(1, request, Ping)],
                "a gap" => [Chunk(3, request, Ping)],
                "OPN unasked" => [Opened(Response(Channel))],
                "CLO" => [Chunk(2, request, Ping, MessageType.Close)],
                "chunks without end" =>
                    [.. Enumerable.Range(2, 600).Select(
                        i => Chunk((uint)i, request, Ping, kind: ChunkKind.Intermediate))],
                "ERR" => [RawPeer.Frame("ERRF", [0, 0, 0x0E, 0x80, 0xFF, 0xFF, 0xFF, 0xFF])],
                _ => [],
            });
        });
        await using var client = await ConnectAsync();
        var failed = await Assert.ThrowsAsync<OpcUaException>(() => EchoServer.AskAsync(client, Ping));
        Assert.Equal((what, code), (what, failed.Status.Value));
        Assert.Equal(code, (await client.Closed).Value);
        await serving;
    }

    [Fact]
    public async Task An_aborted_answer_fails_its_request_and_answers_to_nobody_are_dropped()
    {
        var serving = ServeAsync(async peer =>
        {
            await OpenAsync(peer);
            var first = SymmetricChunk.RequestId(ListSink.AsFrame((await peer.ReadAsync())!));
            await peer.SendAsync(
                Chunk(2, first, new byte[5000], kind: ChunkKind.Intermediate),
                Chunk(3, first, [0, 0, 0xB9, 0x80, 0, 0, 0, 0x40], kind: ChunkKind.Abort));
            var second = SymmetricChunk.RequestId(ListSink.AsFrame((await peer.ReadAsync())!));
            await peer.SendAsync(Chunk(4, first, Ping), Chunk(5, second + 1, Ping), Chunk(6, 0, Ping),
                Chunk(7, second, [8]));
            await peer.EndAsync();
        });
        await using (var client = await ConnectAsync())
        {
            var failed = await Assert.ThrowsAsync<OpcUaException>(() => EchoServer.AskAsync(client, Ping));
            Assert.Equal(StatusCodes.BadResponseTooLarge, failed.Status.Value);
            Assert.Equal([8], await EchoServer.AskAsync(client, Ping));
        }

        await serving;
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_in_time()
    {
        var serving = ServeAsync(static async peer => await peer.EndAsync());
        var failed = await Assert.ThrowsAsync<OpcUaException>(() => ClientConnection.ConnectAsync(
            Url, ClientSecurity.None, new() { ConnectTimeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System,
            default));
        Assert.Equal(StatusCodes.BadTimeout, failed.Status.Value);
        await serving;
    }

    public void Dispose() => listener.Dispose();

    private Uri Url => new($"opc.tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    private static byte[] Acknowledge(uint receive, uint send)
    {
        var sink = new ListSink();
        new AcknowledgeMessage(new AnnouncedLimits(0, receive, send, 0, 0)).Write(sink);
        return sink.Frames[0];
    }

    private static OpenSecureChannelResponse Response(uint channel) => new()
    {
        SecurityToken = new ChannelSecurityToken { ChannelId = channel, TokenId = Token, RevisedLifetime = 60_000 },
    };

    private static byte[] Opened<T>(
        T response, uint request = 1, uint channel = Channel, string policy = "None")
        where T : EdgeTwin.OpcUa.Types.IStructure
    {
        using var body = MessageBuffer.Rent(4096);
        MessageBody.Write(body, response);
        return Opened(body.Written, request, channel, policy);
    }

    private static byte[] Opened(
        ReadOnlySpan<byte> body, uint request = 1, uint channel = Channel, string policy = "None")
    {
        var sink = new ListSink();
        AsymmetricChunk.Write(sink, SecurityPolicy.None, null, null, channel, 1, request, body, 65536);
        var frame = sink.Frames[0];
        if (policy == "None") return frame;
        var uri = "http://opcfoundation.org/UA/SecurityPolicy#" + policy;
        var clear = AsymmetricHeader.Length(SecurityPolicy.None.Uri, null, null);
        var renamed = new byte[AsymmetricHeader.Length(uri, null, null) + frame.Length - clear];
        Frame.Write(renamed, MessageType.Open, ChunkKind.Final);
        AsymmetricHeader.Write(renamed, channel, uri, null, null);
        frame.AsSpan(clear).CopyTo(renamed.AsSpan(AsymmetricHeader.Length(uri, null, null)));
        return renamed;
    }

    private static byte[] Chunk(
        uint sequence, uint request, ReadOnlySpan<byte> body, MessageType type = MessageType.Message,
        ChunkKind kind = ChunkKind.Final, uint channel = Channel, uint token = Token)
    {
        var frame = new byte[24 + body.Length];
        SymmetricChunk.WriteHeaders(frame, type, kind, channel, token, sequence, request);
        body.CopyTo(frame.AsSpan(24));
        return frame;
    }

    private static async Task OpenAsync(RawPeer peer)
    {
        await peer.ReadAsync();
        await peer.SendAsync(Acknowledge(65536, 65536));
        await peer.ReadAsync();
        await peer.SendAsync(Opened(Response(Channel)));
    }

    private async Task ServeAsync(Func<RawPeer, Task> script)
    {
        using var peer = new RawPeer(await listener.AcceptSocketAsync());
        await script(peer);
    }

    private Task<ClientConnection> ConnectAsync() => ClientConnection.ConnectAsync(
        Url, ClientSecurity.None, new ClientConnectionOptions(), TimeProvider.System, default);
}
