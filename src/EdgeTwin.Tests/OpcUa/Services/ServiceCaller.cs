using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>A client's session without a wire: calls services with whole messages and with bytes.</summary>
internal sealed class ServiceCaller
{
    private readonly Session session;

    public ServiceCaller(Roles roles = Roles.Anonymous, MessageSecurityMode mode = MessageSecurityMode.None)
    {
        session = new Session
        {
            SessionId = new NodeId(1, 1u),
            Name = "test",
            Client = new ApplicationDescription(),
            SecurityMode = mode,
            SecurityPolicyUri = "http://opcfoundation.org/UA/SecurityPolicy#None",
        };
        session.User = new UserIdentity(UserKind.UserName, "tester", roles);
    }

    /// <summary>Most bytes of a response.</summary>
    public int MaxResponse { get; init; } = 16 * 1024 * 1024;

    public static DateTime Now { get; } = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    public RequestContext Context() => new()
    {
        Session = session,
        Connection = new NoConnection(),
        RequestId = 1,
        RequestHandle = 7,
        UtcNow = Now,
        Timestamp = 0,
    };

    /// <summary>Encodes the request, lets an inline service answer it, decodes the response.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(InlineHandler handler, TRequest request)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse>
    {
        var pending = Call(handler, request, out TResponse? response);
        return pending is null ? response! : (TResponse)await pending;
    }

    /// <summary>Lets an inline service answer bytes that stand behind the request header.</summary>
    public void Send(InlineHandler handler, ReadOnlySpan<byte> body)
    {
        using var buffer = MessageBuffer.Rent(MaxResponse);
        var writer = new UaWriter(buffer);
        var reader = new UaReader(body, EncodingLimits.Default);
        Assert.Null(handler(ref reader, Context(), ref writer));
    }

    private Task<IServiceResponse>? Call<TRequest, TResponse>(
        InlineHandler handler, TRequest request, out TResponse? response)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse>
    {
        using var sent = MessageBuffer.Rent(int.MaxValue);
        using var answered = MessageBuffer.Rent(MaxResponse);
        var writer = new UaWriter(sent);
        request.Encode(ref writer);
        var reader = new UaReader(sent.Written, EncodingLimits.Default);
        RequestHeader.Decode(ref reader);
        writer = new UaWriter(answered);
        ResponseHead.Write(writer, 1, 7, Now);
        var pending = handler(ref reader, Context(), ref writer);
        Assert.Equal(0, reader.Remaining);
        response = default;
        if (pending is null)
        {
            reader = new UaReader(answered.Written[4..], EncodingLimits.Default);
            response = TResponse.Decode(ref reader);
            Assert.Equal(0, reader.Remaining);
        }

#pragma warning disable MA0100 // the buffers are of no use to what goes on later
        return pending;
#pragma warning restore MA0100
    }

    private sealed class NoConnection : IServerConnection
    {
        public ChannelInfo Channel { get; } = new(1, SecurityPolicy.None, MessageSecurityMode.None, null, null, null);

        public System.Net.EndPoint? Remote => null;

        public bool HasSession { get; set; }

        public int PendingBytes => 0;

        public bool IsCongested => false;

        public MessageBuffer RentBuffer() => MessageBuffer.Rent(int.MaxValue);

        public void Send(uint requestId, MessageBuffer message) => message.Dispose();
    }
}
