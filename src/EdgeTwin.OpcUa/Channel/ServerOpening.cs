using System.Security.Cryptography;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The server's half of OpenSecureChannel (OPC 10000-4 §5.5.2): issues the first token of a channel, and
/// renews it.</summary>
internal sealed class ServerOpening(ServerPhaseContext context, TransportLimits limits)
{
    // A renewal costs the server two operations with its private key; nobody needs one a second for long.
    private const int MostRenewals = 10;
    private static readonly TimeSpan RenewalWindow = TimeSpan.FromSeconds(10);
    private static readonly EncodingLimits BodyLimits = new() { MaxArrayLength = 1024, MaxDepth = 10 };

    private uint lastToken = (uint)RandomNumberGenerator.GetInt32(1 << 20);
    private TimeSpan windowBegan;
    private int renewals;

    /// <summary>Takes the first OPN of a connection and answers it.</summary>
    public (SecureChannel Channel, ChannelInfo Info) Issue(in Frame frame, string? endpointUrl, TimeSpan now)
    {
        var header = AsymmetricHeader.Read(frame.Span);
        if (header.ChannelId != 0)
            throw new OpcUaException(StatusCodes.BadTcpSecureChannelUnknown,
                "a channel lives and ends with its connection");
        var policy = SecurityPolicy.ByUri(header.PolicyUri) ?? throw PolicyRejected();
        var own = policy.IsSecure ? context.Security.CertificateFor(policy) ?? throw PolicyRejected() : null;
        var peer = policy.IsSecure ? PeerCertificate.Read(header.SenderCertificate, policy) : null;
        SecureChannel? channel = null;
        try
        {
            var content = Open(frame, header, policy, own, peer);
            var request = Read(content.Body, SecurityTokenRequestType.Issue);
            RequireMode(policy, request.SecurityMode);
            channel = new SecureChannel(policy, request.SecurityMode, isServer: true, limits, context.Budget)
            {
                Id = context.Ids.Next(),
            };
            channel.CheckSequence(content.Sequence);
            var info = new ChannelInfo(channel.Id, policy, request.SecurityMode, peer, own, endpointUrl);
            Answer(channel, info, content.RequestId, request, now);
            return (channel, info);
        }
        catch
        {
            channel?.Dispose();
            peer?.Dispose();
            throw;
        }
    }

    /// <summary>Takes a further OPN and answers it.</summary>
    public void Renew(in Frame frame, SecureChannel channel, ChannelInfo info, TimeSpan now)
    {
        LimitRate(now);
        var header = AsymmetricHeader.Read(frame.Span);
        if (header.ChannelId != channel.Id)
            throw new OpcUaException(StatusCodes.BadTcpSecureChannelUnknown, "a renewal of another channel");
        if (header.PolicyUri != info.Policy.Uri) throw PolicyRejected();
        if (info.Peer is not null && !CertificateBytes.Leaf(header.SenderCertificate).SequenceEqual(info.Peer.Leaf))
            throw new OpcUaException(StatusCodes.BadSecurityChecksFailed, "a renewal with another certificate");
        var content = Open(frame, header, info.Policy, info.Own, info.Peer);
        channel.CheckSequence(content.Sequence);
        var request = Read(content.Body, SecurityTokenRequestType.Renew);
        if (request.SecurityMode != info.Mode)
            throw new OpcUaException(StatusCodes.BadSecurityModeRejected, "a renewal with another security mode");
        Answer(channel, info, content.RequestId, request, now);
    }

    private static OpenSecureChannelRequest Read(ReadOnlySpan<byte> body, SecurityTokenRequestType expected)
    {
        var request = MessageBody.Read<OpenSecureChannelRequest>(
            body, OpenSecureChannelRequest.EncodingId, BodyLimits);
        return request.RequestType == expected
            ? request
            : throw new OpcUaException(StatusCodes.BadRequestTypeInvalid,
                $"OPN with request type {request.RequestType} where {expected} is due");
    }

    private static OpcUaException PolicyRejected() =>
        new(StatusCodes.BadSecurityPolicyRejected, "the security policy is not offered");

    private AsymmetricChunk.Content Open(
        in Frame frame, in AsymmetricHeader header, SecurityPolicy policy, OwnCertificate? own, PeerCertificate? peer)
    {
        if (own is not null && !header.ReceiverThumbprint.SequenceEqual(own.Thumbprint))
            throw new OpcUaException(StatusCodes.BadSecurityChecksFailed, "OPN was made for another certificate");
        var content = AsymmetricChunk.Open(frame, header.Bytes, policy, own, peer);
        if (peer is null) return content;
        // Only now is it certain that the client holds the key: nobody else can fill the folder of rejected ones.
        var trusted = context.Security.ValidateClient(peer, policy);
        return trusted.IsBad
            ? throw new OpcUaException(trusted, "the client's certificate is not accepted")
            : content;
    }

    private void RequireMode(SecurityPolicy policy, MessageSecurityMode mode)
    {
        var fits = policy.IsSecure
            ? mode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt
            : mode is MessageSecurityMode.None;
        if (!fits || !context.Security.Offers(policy, mode))
            throw new OpcUaException(StatusCodes.BadSecurityModeRejected, $"the mode {mode} with policy {policy}");
    }

    private void Answer(
        SecureChannel channel, ChannelInfo info, uint requestId, OpenSecureChannelRequest request, TimeSpan now)
    {
        using var nonce = ChannelNonce.Create(info.Policy);
        ChannelKeys? keys = null;
        if (info.Policy.IsSecure && !nonce.TryDeriveAsServer(request.ClientNonce ?? [], out keys))
            throw new OpcUaException(StatusCodes.BadNonceInvalid, "the nonce of OPN");
        var lifetime = Lifetime(request.RequestedLifetime);
        var token = new SecurityToken(NextToken(), now, lifetime, keys, isServer: true);
        var wall = context.Time.GetUtcNow().UtcDateTime;
        var response = new OpenSecureChannelResponse
        {
            ResponseHeader = new ResponseHeader
            {
                Timestamp = wall,
                RequestHandle = request.RequestHeader.RequestHandle,
            },
            ServerProtocolVersion = TransportLimits.ProtocolVersion,
            SecurityToken = new ChannelSecurityToken
            {
                ChannelId = channel.Id,
                TokenId = token.Id,
                CreatedAt = wall,
                RevisedLifetime = (uint)lifetime.TotalMilliseconds,
            },
            ServerNonce = info.Policy.IsSecure ? nonce.Bytes.ToArray() : null,
        };
        using var body = MessageBuffer.Rent(4096);
        MessageBody.Write(body, response);
        channel.Add(token, context.Output);
        lock (context.Output.Gate) channel.WriteOpen(context.Output, info.Own, info.Peer, requestId, body.Written);
    }

    private TimeSpan Lifetime(uint requestedMilliseconds)
    {
        var wanted = requestedMilliseconds == 0
            ? context.Limits.MaxTokenLifetime : TimeSpan.FromMilliseconds(requestedMilliseconds);
        return TimeSpan.FromTicks(Math.Clamp(
            wanted.Ticks, context.Limits.MinTokenLifetime.Ticks, context.Limits.MaxTokenLifetime.Ticks));
    }

    private uint NextToken() => ++lastToken == 0 ? ++lastToken : lastToken;

    private void LimitRate(TimeSpan now)
    {
        if (now - windowBegan > RenewalWindow) (windowBegan, renewals) = (now, 0);
        if (++renewals > MostRenewals)
            throw new OpcUaException(StatusCodes.BadTcpServerTooBusy, "the token is renewed too often");
    }
}
