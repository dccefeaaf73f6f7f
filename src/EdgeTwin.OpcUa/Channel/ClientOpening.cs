using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The client's half of OpenSecureChannel (OPC 10000-4 §5.5.2). Asked from a timer, answered on the receive
/// loop: the field in between is guarded.</summary>
internal sealed class ClientOpening(ClientPhaseContext context, SecureChannel channel) : IDisposable
{
    private static readonly EncodingLimits BodyLimits = new() { MaxArrayLength = 1024, MaxDepth = 10 };

    private readonly Lock gate = new();   // guards asked
    private Asked? asked;
    private long renewAt = long.MaxValue;

    /// <summary>When to ask for the next token, in monotonic time.</summary>
    public TimeSpan RenewAt => TimeSpan.FromTicks(Volatile.Read(ref renewAt));

    /// <summary>Asks for a token; its answer is due with the request's id.</summary>
    public void Request(SecurityTokenRequestType type, uint requestId)
    {
        var nonce = ChannelNonce.Create(channel.Policy);
        lock (gate)
        {
            asked?.Nonce.Dispose();
            asked = new Asked(requestId, nonce);
        }

        using var body = MessageBuffer.Rent(4096);
        MessageBody.Write(body, new OpenSecureChannelRequest
        {
            RequestHeader = new RequestHeader
            {
                Timestamp = context.Time.GetUtcNow().UtcDateTime,
                RequestHandle = requestId,
            },
            ClientProtocolVersion = TransportLimits.ProtocolVersion,
            RequestType = type,
            SecurityMode = channel.Mode,
            ClientNonce = channel.Policy.IsSecure ? nonce.Bytes.ToArray() : null,
            RequestedLifetime = (uint)context.Limits.MaxTokenLifetime.TotalMilliseconds,
        });
        lock (context.Output.Gate)
            channel.WriteOpen(context.Output, context.Security.Own, context.Server, requestId, body.Written);
    }

    /// <summary>Takes the answer.</summary>
    /// <exception cref="OpcUaException">It is not what was asked for, or from somebody else.</exception>
    public void Accept(in Frame frame, TimeSpan now)
    {
        Asked? answered;
        lock (gate) (answered, asked) = (asked, null);
        if (answered is null)
            throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, "OPN was answered that was not asked");
        using var nonce = answered.Nonce;
        var header = AsymmetricHeader.Read(frame.Span);
        RequirePeer(header);
        var content = AsymmetricChunk.Open(
            frame, header.Bytes, channel.Policy, context.Security.Own, context.Server);
        channel.CheckSequence(content.Sequence);
        if (content.RequestId != answered.RequestId)
            throw new OpcUaException(StatusCodes.BadUnknownResponse, "OPN was answered with another request id");
        Take(Read(content.Body), header.ChannelId, nonce, now);
    }

    public void Dispose()
    {
        lock (gate)
        {
            asked?.Nonce.Dispose();
            asked = null;
        }
    }

    private static OpenSecureChannelResponse Read(ReadOnlySpan<byte> body)
    {
        var reader = new UaReader(body, BodyLimits);
        var id = MessageBody.ReadTypeId(ref reader);
        if (id == OpenSecureChannelResponse.EncodingId)
        {
            var response = OpenSecureChannelResponse.Decode(ref reader);
            return response.ResponseHeader.ServiceResult is { IsBad: true } bad
                ? throw new OpcUaException(bad, "the server does not open the channel")
                : response;
        }

        if (id != ServiceFault.EncodingId)
            throw new OpcUaException(StatusCodes.BadUnknownResponse, $"OPN was answered with a message i={id}");
        var status = ServiceFault.Decode(ref reader).ResponseHeader.ServiceResult;
        throw new OpcUaException(status.IsBad ? status : StatusCodes.BadUnknownResponse,
            "the server does not open the channel");
    }

    private void RequirePeer(in AsymmetricHeader header)
    {
        if (header.PolicyUri != channel.Policy.Uri)
            throw new OpcUaException(StatusCodes.BadSecurityPolicyRejected,
                $"OPN was answered with the policy '{header.PolicyUri}'");
        if (context.Server is not { } server) return;
        if (!CertificateBytes.Leaf(header.SenderCertificate).SequenceEqual(server.Leaf))
            throw new OpcUaException(StatusCodes.BadSecurityChecksFailed,
                "OPN was answered with another certificate than that of the endpoint");
        if (!header.ReceiverThumbprint.SequenceEqual(context.Security.Own!.Thumbprint))
            throw new OpcUaException(StatusCodes.BadSecurityChecksFailed, "OPN was answered to another certificate");
    }

    private void Take(OpenSecureChannelResponse response, uint headerId, ChannelNonce nonce, TimeSpan now)
    {
        var issued = response.SecurityToken;
        // The header of the first answer says 0 at some servers; what counts is signed in the body.
        var named = headerId == issued.ChannelId || (headerId == 0 && channel.Id == 0);
        if (issued.ChannelId == 0 || !named || (channel.Id != 0 && channel.Id != issued.ChannelId))
            throw new OpcUaException(StatusCodes.BadTcpSecureChannelUnknown,
                $"a token of channel {issued.ChannelId} came for channel {channel.Id}");
        ChannelKeys? keys = null;
        if (channel.Policy.IsSecure && !nonce.TryDeriveAsClient(response.ServerNonce ?? [], out keys))
            throw new OpcUaException(StatusCodes.BadNonceInvalid, "the server's nonce of OPN");
        channel.Id = issued.ChannelId;
        // 0 would have it renewed for ever; so would a lifetime of milliseconds.
        var lifetime = TimeSpan.FromMilliseconds(Math.Max(issued.RevisedLifetime, 1000u));
        var token = new SecurityToken(issued.TokenId, now, lifetime, keys, isServer: false);
        channel.Add(token, context.Output);
        Volatile.Write(ref renewAt, token.RenewAt.Ticks);
    }

    private sealed record Asked(uint RequestId, ChannelNonce Nonce);
}
