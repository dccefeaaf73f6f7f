using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>The two ends of an open channel with the same keys and no wire between them.</summary>
internal sealed class ChannelPair : IDisposable
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public static readonly TransportLimits Limits = new(65536, 65536, 1 << 24, 512, 1 << 24, 512);

    public ChannelPair(
        SecurityPolicy? policy = null, MessageSecurityMode mode = MessageSecurityMode.None,
        TransportLimits? limits = null, uint? firstSequence = null, long budget = long.MaxValue)
    {
        Policy = policy ?? SecurityPolicy.None;
        Budget = new MemoryBudget(budget);
        Client = new SecureChannel(Policy, mode, isServer: false, limits ?? Limits, Budget, firstSequence) { Id = 7 };
        Server = new SecureChannel(Policy, mode, isServer: true, limits ?? Limits, Budget) { Id = 7 };
        var (forClient, forServer) = Issue(1, TimeSpan.Zero);
        Client.Add(forClient, ToServer);
        Server.Add(forServer, ToClient);
    }

    public SecurityPolicy Policy { get; }

    public MemoryBudget Budget { get; }

    public SecureChannel Client { get; }

    public SecureChannel Server { get; }

    public ListSink ToServer { get; } = new();

    public ListSink ToClient { get; } = new();

    /// <summary>Both ends' halves of a token.</summary>
    public (SecurityToken Client, SecurityToken Server) Issue(uint id, TimeSpan now)
    {
        if (!Policy.IsSecure)
            return (new SecurityToken(id, now, Lifetime, null, false),
                new SecurityToken(id, now, Lifetime, null, true));
        using var client = ChannelNonce.Create(Policy);
        using var server = ChannelNonce.Create(Policy);
        Assert.True(client.TryDeriveAsClient(server.Bytes.Span, out var clientKeys));
        Assert.True(server.TryDeriveAsServer(client.Bytes.Span, out var serverKeys));
        return (new SecurityToken(id, now, Lifetime, clientKeys, false),
            new SecurityToken(id, now, Lifetime, serverKeys, true));
    }

    /// <summary>The frames of a request.</summary>
    public List<byte[]> Request(uint requestId, byte[] message)
    {
        var before = ToServer.Frames.Count;
        Client.Write(ToServer, MessageType.Message, requestId, message);
        return ToServer.Frames[before..];
    }

    /// <summary>Gives a frame to the server: what it was, whose, and the message if it is complete.</summary>
    public (ReceivedKind Kind, uint RequestId, byte[] Body) Serve(byte[] frame, TimeSpan now = default)
    {
        var chunk = Server.Receive(ListSink.AsFrame(frame), now, ToClient);
        var result = (chunk.Kind, chunk.RequestId, chunk.Body.ToArray());
        if (chunk.Kind == ReceivedKind.Message) Server.Release();
        return result;
    }

    /// <summary>Gives a frame to the client.</summary>
    public (ReceivedKind Kind, uint RequestId, byte[] Body) Answer(byte[] frame, TimeSpan now = default)
    {
        var chunk = Client.Receive(ListSink.AsFrame(frame), now, ToServer);
        var result = (chunk.Kind, chunk.RequestId, chunk.Body.ToArray());
        if (chunk.Kind == ReceivedKind.Message) Client.Release();
        return result;
    }

    public byte[] Respond(uint requestId, byte[] message)
    {
        Server.Write(ToClient, MessageType.Message, requestId, message);
        return ToClient.Frames[^1];
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
