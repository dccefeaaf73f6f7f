using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Tests.OpcUa.Channel;

namespace EdgeTwin.Tests.Peers;

/// <summary>The server against clients that lie, mix things up and speak other protocols: each ends its own connection,
/// with the code that fits, while another client keeps being served.</summary>
public class OpcUaHostileClientTests
{
    private static readonly byte[] Ping = [1, 0, 119, 2, 7];

    private static byte[] RsaCertificate => EchoServer.ClientCertificate(SecurityPolicy.Basic256Sha256).Leaf;

    /// <summary>What is sent first, and the code of the ERR.</summary>
    public static TheoryData<string, byte[], uint> FirstFrames => new()
    {
        { "http", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), StatusCodes.BadTcpMessageTypeInvalid },
        { "tls", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], StatusCodes.BadTcpMessageTypeInvalid },
        { "zeros", new byte[64], StatusCodes.BadTcpMessageTypeInvalid },
        { "size 0", Sized(RawPeer.Hello(), 0), StatusCodes.BadDecodingError },
        { "size 7", Sized(RawPeer.Hello(), 7), StatusCodes.BadDecodingError },
        { "size 1 GB", Sized(RawPeer.Hello(), 1 << 30), StatusCodes.BadTcpMessageTooLarge },
        { "size 4 GB", Sized(RawPeer.Hello(), -1), StatusCodes.BadTcpMessageTooLarge },
        { "header only", RawPeer.Frame("HELF"), StatusCodes.BadDecodingError },
        { "no url", RawPeer.Frame("HELF", new byte[20]), StatusCodes.BadDecodingError },
        { "url beyond the frame", RawPeer.Frame("HELF", [.. new byte[20], 100, 0, 0, 0, 1]),
            StatusCodes.BadDecodingError },
        { "url of 1 GB", RawPeer.Frame("HELF", [.. new byte[20], 0, 0, 0, 0x40]),
            StatusCodes.BadTcpEndpointUrlInvalid },
        { "HEL in chunks", RawPeer.Frame("HELC", new byte[24]), StatusCodes.BadTcpMessageTypeInvalid },
        { "ACK", RawPeer.Frame("ACKF", new byte[20]), StatusCodes.BadTcpMessageTypeInvalid },
        { "ERR", RawPeer.Frame("ERRF", new byte[8]), StatusCodes.BadTcpMessageTypeInvalid },
        { "RHE", RawPeer.Frame("RHEF", new byte[8]), StatusCodes.BadTcpMessageTypeInvalid },
        { "OPN before HEL", RawPeer.Frame("OPNF", new byte[100]), StatusCodes.BadTcpMessageTypeInvalid },
        { "MSG before HEL", RawPeer.Frame("MSGF", new byte[100]), StatusCodes.BadTcpMessageTypeInvalid },
    };

    /// <summary>What is sent after HEL and ACK.</summary>
    public static TheoryData<string, byte[], uint> SecondFrames => new()
    {
        { "HEL twice", RawPeer.Hello(), StatusCodes.BadTcpMessageTypeInvalid },
        { "MSG before OPN", RawPeer.Frame("MSGF", new byte[100]), StatusCodes.BadTcpMessageTypeInvalid },
        { "OPN of 4 bytes", RawPeer.Frame("OPNF", new byte[4]), StatusCodes.BadDecodingError },
        { "OPN of 1 MB", Sized(RawPeer.Frame("OPNF", new byte[40]), 1 << 20), StatusCodes.BadTcpMessageTooLarge },
        { "policy of 1 GB", RawPeer.Frame("OPNF", [0, 0, 0, 0, 0, 0, 0, 0x40]), StatusCodes.BadDecodingError },
        { "policy of -2", RawPeer.Frame("OPNF", [0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF]), StatusCodes.BadDecodingError },
        { "Basic128Rsa15", Open(policy: "Basic128Rsa15"), StatusCodes.BadSecurityPolicyRejected },
        { "Basic256", Open(policy: "Basic256"), StatusCodes.BadSecurityPolicyRejected },
        { "unknown policy", Open(policy: "Rot13"), StatusCodes.BadSecurityPolicyRejected },
        { "None that signs", Open(mode: MessageSecurityMode.Sign), StatusCodes.BadSecurityModeRejected },
        { "no mode", Open(mode: MessageSecurityMode.Invalid), StatusCodes.BadSecurityModeRejected },
        { "mode 77", Open(mode: (MessageSecurityMode)77), StatusCodes.BadSecurityModeRejected },
        { "renewal first", Open(SecurityTokenRequestType.Renew), StatusCodes.BadRequestTypeInvalid },
        { "channel of others", Open(channel: 5), StatusCodes.BadTcpSecureChannelUnknown },
        { "no certificate", Open(policy: "Basic256Sha256"), StatusCodes.BadCertificateInvalid },
        { "garbage certificate", Open(policy: "Basic256Sha256", certificate: [0x30, 3, 1, 2, 3]),
            StatusCodes.BadCertificateInvalid },
        { "certificate of another family",
            Open(policy: "ECC_nistP256", certificate: RsaCertificate),
            StatusCodes.BadSecurityChecksFailed },
        { "no thumbprint",
            Open(policy: "Basic256Sha256", certificate: RsaCertificate),
            StatusCodes.BadSecurityChecksFailed },
        { "not encrypted",
            Open(policy: "Basic256Sha256", certificate: RsaCertificate,
                thumbprint: TestServerSecurity.Rsa.Thumbprint),
            StatusCodes.BadSecurityChecksFailed },
    };

    [Theory]
    [MemberData(nameof(FirstFrames))]
    public async Task A_wrong_beginning_ends_the_connection(string what, byte[] frame, uint code)
    {
        await using var server = new EchoServer();
        await using var bystander = await server.ConnectAsync();
        using var peer = await server.DialAsync();
        await peer.SendAsync(frame);
        Assert.Equal((what, code), (what, await peer.EndAsync() ?? 0));
        Assert.Equal(Ping, await EchoServer.AskAsync(bystander, Ping));
    }

    [Theory]
    [MemberData(nameof(SecondFrames))]
    public async Task A_wrong_opening_ends_the_connection(string what, byte[] frame, uint code)
    {
        await using var server = new EchoServer();
        await using var bystander = await server.ConnectAsync();
        using var peer = await server.DialAsync();
        await peer.SendAsync(RawPeer.Hello(), frame);
        Assert.Equal((what, code), (what, await peer.EndAsync() ?? 0));
        Assert.Equal(1, server.Opened);
        Assert.Equal(Ping, await EchoServer.AskAsync(bystander, Ping));
    }

    /// <summary>What is sent over an open channel; the last one waits for the end of the connection.</summary>
    [Theory]
    [InlineData("HEL", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("issue twice", StatusCodes.BadRequestTypeInvalid)]
    [InlineData("renewal of another channel", StatusCodes.BadTcpSecureChannelUnknown)]
    [InlineData("renewal with another policy", StatusCodes.BadSecurityPolicyRejected)]
    [InlineData("renewal with another mode", StatusCodes.BadSecurityModeRejected)]
    [InlineData("another channel", StatusCodes.BadTcpSecureChannelUnknown)]
    [InlineData("channel 0", StatusCodes.BadTcpSecureChannelUnknown)]
    [InlineData("token 0", StatusCodes.BadSecureChannelTokenUnknown)]
    [InlineData("repeated sequence number", StatusCodes.BadSequenceNumberInvalid)]
    [InlineData("gap in sequence numbers", StatusCodes.BadSequenceNumberInvalid)]
    [InlineData("chunk of 8 bytes", StatusCodes.BadDecodingError)]
    [InlineData("chunk of 23 bytes", StatusCodes.BadDecodingError)]
    [InlineData("chunk larger than agreed", StatusCodes.BadTcpMessageTooLarge)]
    [InlineData("1,000 tiny chunks", StatusCodes.BadTcpMessageTooLarge)]
    [InlineData("mixed chunks", StatusCodes.BadTcpMessageTypeInvalid)]
    [InlineData("renewals without end", StatusCodes.BadTcpServerTooBusy)]
    public async Task What_breaks_an_open_channel_ends_it(string what, uint code)
    {
        await using var server = new EchoServer();
        await using var bystander = await server.ConnectAsync();
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        await peer.SendAsync(peer.Chunk(Ping));
        Assert.Equal(Ping, (await peer.ReadAsync())![24..]);
        await peer.SendAsync(Breaking(what, peer));
        Assert.Equal((what, code), (what, await peer.EndAsync() ?? 0));
        peer.Dispose();
        await ConnectionTests.Eventually(() => server.Closed == 1);
        Assert.Equal(code, server.LastReason.Value);
        Assert.Equal(Ping, await EchoServer.AskAsync(bystander, Ping));
        Assert.Equal(0, server.Listener.IncompleteBytes);
    }

    /// <summary>OPC 10000-6 §6.7.3: the sender gives one message up, not the channel.</summary>
    [Fact]
    public async Task An_aborted_request_leaves_the_channel_open()
    {
        await using var server = new EchoServer();
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        await peer.SendAsync(
            peer.Chunk(new byte[1000], kind: 'C'), peer.Chunk([0, 0, 2, 0x80, 0xFF, 0xFF, 0xFF, 0xFF], kind: 'A'),
            peer.Chunk([], request: 3, kind: 'A'), peer.Chunk(Ping, request: 0), peer.Chunk(Ping, request: 0));
        Assert.Equal(Ping, (await peer.ReadAsync())![24..]);
        Assert.Equal(Ping, (await peer.ReadAsync())![24..]);
        Assert.Equal(0, server.Listener.IncompleteBytes);
    }

    [Fact]
    public async Task What_follows_the_close_of_a_channel_is_not_answered()
    {
        await using var server = new EchoServer();
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        await peer.SendAsync(peer.Chunk(Ping, type: MessageType.Close), peer.Chunk(Ping));
        Assert.Null(await peer.ReadAsync());
    }

    /// <summary>Each policy: nonces of a wrong length, that of others, and points off the curve
    /// (OPC 10000-4 §5.5.2.2).</summary>
    [Theory]
    [InlineData("Basic256Sha256", 0)]
    [InlineData("Basic256Sha256", 8)]
    [InlineData("Aes128_Sha256_RsaOaep", 31)]
    [InlineData("Aes256_Sha256_RsaPss", 33)]
    [InlineData("ECC_nistP256", 32)]
    [InlineData("ECC_nistP256", 64)]
    [InlineData("ECC_nistP384", 96)]
    public async Task A_nonce_that_is_none_is_refused(string name, int length)
    {
        var policy = SecurityPolicy.ByName(name)!;
        await using var server = new EchoServer();
        using var peer = await server.DialAsync();
        await peer.SendAsync(RawPeer.Hello(), SecureOpen(server, policy, new byte[length]));
        Assert.Equal(StatusCodes.BadNonceInvalid, await peer.EndAsync());
    }

    /// <summary>The control of the flips below and the nonces above.</summary>
    [Fact]
    public async Task A_right_opening_is_answered()
    {
        var policy = SecurityPolicy.Basic256Sha256;
        await using var server = new EchoServer();
        using var peer = await server.DialAsync();
        await peer.SendAsync(RawPeer.Hello(), SecureOpen(server, policy, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal((byte)'A', (await peer.ReadAsync())![0]);
        Assert.Equal((byte)'O', (await peer.ReadAsync())![0]);
    }

    [Theory]
    [InlineData("Basic256Sha256")]
    [InlineData("Aes256_Sha256_RsaPss")]
    [InlineData("ECC_nistP256")]
    public void A_flip_anywhere_in_an_opening_is_refused_before_anybody_looks_inside(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var client = PeerCertificate.Read(EchoServer.ClientCertificate(policy).Leaf, policy);
        var security = new TestServerSecurity();
        var own = security.CertificateFor(policy);
        using var peer = PeerCertificate.Read(own.Chain, policy);
        var sink = new ListSink();
        AsymmetricChunk.Write(
            sink, policy, EchoServer.ClientCertificate(policy), peer, 0, 1, 1, new byte[60], 65536);
        var frame = sink.Frames[0];
        var header = AsymmetricHeader.Read(frame).Bytes;
        for (var at = header; at < frame.Length; at += 7)
        {
            var flipped = frame.ToArray();
            flipped[at] ^= 0x10;
            Assert.Equal(StatusCodes.BadSecurityChecksFailed, Assert.Throws<OpcUaException>(() =>
                AsymmetricChunk.Open(ListSink.AsFrame(flipped), header, policy, own, client)).Status.Value);
        }

        Assert.Equal(60, AsymmetricChunk.Open(ListSink.AsFrame(frame), header, policy, own, client).Body.Length);
    }

    private static byte[][] Breaking(string what, RawPeer peer) => what switch
    {
        "HEL" => [RawPeer.Hello()],
        "issue twice" => [peer.Open(channel: peer.ChannelId)],
        "renewal of another channel" => [peer.Open(SecurityTokenRequestType.Renew, peer.ChannelId + 1)],
        "renewal with another policy" => [peer.Open(SecurityTokenRequestType.Renew, policy: "Basic256Sha256")],
        "renewal with another mode" => [peer.Open(SecurityTokenRequestType.Renew, mode: MessageSecurityMode.Sign)],
        "another channel" => [peer.Chunk(Ping, channel: peer.ChannelId + 1)],
        "channel 0" => [peer.Chunk(Ping, channel: 0)],
        "token 0" => [peer.Chunk(Ping, token: 0)],
        "repeated sequence number" => [peer.Chunk(Ping, number: 2)],
        "gap in sequence numbers" => [peer.Chunk(Ping, number: 4)],
        "chunk of 8 bytes" => [RawPeer.Frame("MSGF")],
        "chunk of 23 bytes" => [RawPeer.Frame("MSGF", new byte[15])],
        "chunk larger than agreed" => [Sized(peer.Chunk(Ping), 65537)],
        "1,000 tiny chunks" => [.. Enumerable.Range(0, 1000).Select(_ => peer.Chunk([1], kind: 'C'))],
        "mixed chunks" => [peer.Chunk(Ping, kind: 'C'), peer.Chunk(Ping, request: 3, kind: 'C')],
        "renewals without end" =>
            [.. Enumerable.Range(0, 40).Select(_ => peer.Open(SecurityTokenRequestType.Renew))],
        _ => throw new ArgumentException(what),
    };

    private static byte[] Sized(byte[] frame, int size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), size);
        return frame;
    }

    private static byte[] Open(
        SecurityTokenRequestType type = SecurityTokenRequestType.Issue, uint channel = 0,
        MessageSecurityMode mode = MessageSecurityMode.None, string policy = "None", byte[]? certificate = null,
        byte[]? thumbprint = null)
    {
        using var peer = new RawPeer(null!);
        return peer.Open(type, channel, mode, policy, certificate, thumbprint);
    }

    private static byte[] SecureOpen(EchoServer server, SecurityPolicy policy, byte[] nonce)
    {
        using var body = MessageBuffer.Rent(4096);
        MessageBody.Write(body, new OpenSecureChannelRequest
        {
            SecurityMode = MessageSecurityMode.SignAndEncrypt,
            RequestedLifetime = 60_000,
            ClientNonce = nonce,
        });
        using var peer = PeerCertificate.Read(server.Security.CertificateFor(policy).Chain, policy);
        var sink = new ListSink();
        AsymmetricChunk.Write(
            sink, policy, EchoServer.ClientCertificate(policy), peer, 0, 1, 1, body.Written, 65536);
        return sink.Frames[0];
    }
}
