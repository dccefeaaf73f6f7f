using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Tests.OpcUa.Channel;

namespace EdgeTwin.Tests.Golden;

/// <summary>The frames of OPC UA TCP and secure conversation byte by byte, written by hand after OPC 10000-6 §6.7 and
/// §7.1; both directions.</summary>
public class OpcUaChannelGoldenTests
{
    private const string Hello =
        "48 45 4C 46  2B 00 00 00"     // HEL F, 43 bytes
        + "00 00 00 00"                // protocol version 0
        + "00 00 01 00  00 20 00 00"   // receives 65536, sends 8192
        + "00 00 10 00  05 00 00 00"   // 1 MiB a message, 5 chunks
        + "0B 00 00 00 6F 70 63 2E 74 63 70 3A 2F 2F 78"; // "opc.tcp://x"

    private const string Acknowledge =
        "41 43 4B 46  1C 00 00 00"     // ACK F, 28 bytes
        + "00 00 00 00"                // protocol version 0
        + "00 20 00 00  00 00 01 00"   // receives 8192, sends 65536
        + "00 00 00 01  00 02 00 00";  // 16 MiB a message, 512 chunks

    private const string Error =
        "45 52 52 46  12 00 00 00"     // ERR F, 18 bytes
        + "00 00 7E 80"                // BadTcpMessageTypeInvalid
        + "02 00 00 00 6E 6F";         // "no"

    private const string ReverseHello =
        "52 48 45 46  1B 00 00 00"     // RHE F, 27 bytes
        + "04 00 00 00 75 72 6E 3A"    // "urn:"
        + "07 00 00 00 6F 70 63 3A 2F 2F 78"; // "opc://x"

    private const string OpenHeader =
        "4F 50 4E 46  60 00 00 00"     // OPN F, 96 bytes
        + "07 00 00 00"                // channel 7
        + "2F 00 00 00 68 74 74 70 3A 2F 2F 6F 70 63 66 6F 75 6E 64 61 74 69 6F 6E 2E 6F 72 67 2F 55 41 2F 53 65 63 75"
        + "72 69 74 79 50 6F 6C 69 63 79 23 4E 6F 6E 65" // ".../SecurityPolicy#None"
        + "FF FF FF FF  FF FF FF FF";  // no certificate, no thumbprint

    private const string OpenBody =
        "01 00 00 00  03 00 00 00"     // sequence number 1, request 3
        + "01 00 BE 01 DE AD BE EF AB CD EF 01 02 03 04 05 06"; // body

    private const string Message =
        "4D 53 47 46  1D 00 00 00"     // MSG F, 29 bytes
        + "07 00 00 00  09 00 00 00"   // channel 7, token 9
        + "01 00 00 00  0A 00 00 00"   // sequence number 1, request 10
        + "01 00 77 02 2A";            // body

    [Fact]
    public void Hello_in_bytes()
    {
        var hello = new HelloMessage(new AnnouncedLimits(0, 65536, 8192, 1 << 20, 5), "opc.tcp://x");
        var sink = new ListSink();
        hello.Write(sink);
        Assert.Equal(Bytes(Hello), sink.Frames[0]);
        Assert.Equal(hello, HelloMessage.Read(Bytes(Hello)));
    }

    [Fact]
    public void Acknowledge_in_bytes()
    {
        // What a server of the default limits answers to that HEL: its receive buffer is the client's send buffer.
        var agreed = TransportLimits.OfServer(new ChannelLimits(), HelloMessage.Read(Bytes(Hello)).Limits);
        var sink = new ListSink();
        new AcknowledgeMessage(agreed.Announced()).Write(sink);
        Assert.Equal(Bytes(Acknowledge), sink.Frames[0]);
        Assert.Equal(new TransportLimits(8192, 65536, 1 << 24, 512, 1 << 20, 5), agreed);

        var seen = TransportLimits.OfClient(new ChannelLimits(), AcknowledgeMessage.Read(Bytes(Acknowledge)).Limits);
        Assert.Equal(new TransportLimits(65536, 8192, 1 << 24, 512, 1 << 24, 512), seen);
    }

    [Fact]
    public void Error_in_bytes()
    {
        var error = new ErrorMessage(StatusCodes.BadTcpMessageTypeInvalid, "no");
        var sink = new ListSink();
        error.WriteFrame(sink);
        Assert.Equal(Bytes(Error), sink.Frames[0]);
        Assert.Equal(error, ErrorMessage.Read(Bytes(Error).AsSpan(8)));
    }

    [Fact]
    public void Reverse_hello_in_bytes()
    {
        var hello = new ReverseHelloMessage("urn:", "opc://x");
        var sink = new ListSink();
        hello.Write(sink);
        Assert.Equal(Bytes(ReverseHello), sink.Frames[0]);
        Assert.Equal(hello, ReverseHelloMessage.Read(Bytes(ReverseHello)));
    }

    [Fact]
    public void Open_in_bytes()
    {
        var golden = Bytes(OpenHeader + OpenBody);
        var sink = new ListSink();
        AsymmetricChunk.Write(sink, SecurityPolicy.None, null, null, 7, 1, 3, golden.AsSpan(79), 8192);
        Assert.Equal(golden, sink.Frames[0]);

        var header = AsymmetricHeader.Read(golden);
        Assert.Equal((7u, SecurityPolicy.None.Uri, 71), (header.ChannelId, header.PolicyUri, header.Bytes));
        var content = AsymmetricChunk.Open(ListSink.AsFrame(golden), header.Bytes, SecurityPolicy.None, null, null);
        Assert.Equal((1u, 3u, 17), (content.Sequence, content.RequestId, content.Body.Length));
    }

    [Theory]
    [InlineData("4D 53 47", MessageType.Message)]
    [InlineData("43 4C 4F", MessageType.Close)]
    public void Message_and_close_in_bytes(string letters, object type)
    {
        var golden = Bytes(letters + Message[8..]);
        var sink = new ListSink();
        using var channel = Channel(sink, isServer: false);
        channel.Write(sink, (MessageType)type, 10, golden.AsSpan(24));
        Assert.Equal(golden, sink.Frames[0]);

        using var server = Channel(sink, isServer: true);
        var received = server.Receive(ListSink.AsFrame(golden), TimeSpan.Zero, sink);
        Assert.Equal(10u, received.RequestId);
        Assert.Equal([1, 0, 0x77, 2, 0x2A], received.Body.ToArray());
    }

    private static SecureChannel Channel(ListSink sink, bool isServer)
    {
        var channel = new SecureChannel(
            SecurityPolicy.None, MessageSecurityMode.None, isServer, ChannelPair.Limits, new MemoryBudget(1 << 20))
        {
            Id = 7,
        };
        channel.Add(new SecurityToken(9, TimeSpan.Zero, TimeSpan.FromMinutes(1), null, isServer), sink);
        return channel;
    }

    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
