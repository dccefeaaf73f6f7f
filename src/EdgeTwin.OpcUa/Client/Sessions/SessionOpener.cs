using EdgeTwin.OpcUa.Client.Discovery;
using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>The steps from an address to a session. Each is one try; what follows a failure is decided
/// elsewhere.</summary>
internal sealed class SessionOpener
{
    private readonly OpcUaClientOptions options;
    private readonly IClientTransportFactory transports;
    private readonly TimeProvider time;
    private readonly Action<ClientSession, Loss> onLoss;
    private readonly DiscoveryClient discovery;

    public SessionOpener(OpcUaClientOptions options, IClientTransportFactory transports, TimeProvider time,
        Action<ClientSession, Loss> onLoss)
    {
        this.options = options;
        this.transports = transports;
        this.time = time;
        this.onLoss = onLoss;
        discovery = new DiscoveryClient(transports, options.ConnectTimeout, time);
    }

    /// <summary>Asks for the endpoints anew, because certificates roll over and servers change, and judges the server's
    /// certificate.</summary>
    public async Task<SessionTarget> DiscoverAsync(CancellationToken cancellation)
    {
        var endpoints = await discovery.GetEndpointsAsync(options.EndpointUrl, cancellation);
        var endpoint = EndpointChoice.Pick(endpoints, options.SecurityMode, options.SecurityPolicy,
            options.Certificate?.Key);
        var target = new SessionTarget(
            EndpointAddress.Reachable(options.EndpointUrl, endpoint.EndpointUrl), endpoint,
            SecurityPolicy.ByUri(endpoint.SecurityPolicyUri)!, endpoints);
        if (options.ServerUri is { } expected && endpoint.Server.ApplicationUri != expected)
        {
            throw new OpcUaException(StatusCodes.BadServerUriInvalid,
                $"the server is {endpoint.Server.ApplicationUri}; expected is {expected}");
        }

        Judge(target);
        return target;
    }

    public Task<IClientTransport> OpenAsync(SessionTarget target, CancellationToken cancellation) =>
        transports.ConnectAsync(new TransportTarget
        {
            Url = target.Url,
            Policy = target.Policy,
            Mode = target.Endpoint.SecurityMode,
            Certificate = target.IsSecure ? options.Certificate : null,
            ServerCertificate = target.IsSecure ? target.Endpoint.ServerCertificate : null,
        }, cancellation);

    /// <summary>Creates and activates a new session on an open channel.</summary>
    public async Task<ClientSession> CreateAsync(
        IClientTransport transport, SessionTarget target, CancellationToken cancellation)
    {
        var handshake = new SessionHandshake(options, target);
        var created = await transport.SendAsync<CreateSessionRequest, CreateSessionResponse>(
            handshake.Create(Header(handshake.AskForKey())), options.ConnectTimeout, cancellation);
        return await ActivateAsync(transport, target, handshake, handshake.Accept(created), cancellation);
    }

    /// <summary>Moves a session that the server still keeps to a new channel (OPC 10000-4 §5.7.3).</summary>
    public Task<ClientSession> ResumeAsync(
        IClientTransport transport, SessionTarget target, SessionSecrets secrets, CancellationToken cancellation) =>
        ActivateAsync(transport, target, new SessionHandshake(options, target), secrets, cancellation);

    /// <summary>Ends a session on the server, as far as it can be reached.</summary>
    public static async Task CloseAsync(ClientSession session, TimeSpan patience)
    {
        try
        {
            await session.SendAsync<CloseSessionRequest, CloseSessionResponse>(
                new CloseSessionRequest { RequestHeader = session.Header(patience), DeleteSubscriptions = true },
                patience, CancellationToken.None);
        }
        catch (OpcUaException)
        {
            // The server ends it at its time-out.
        }
    }

    private async Task<ClientSession> ActivateAsync(IClientTransport transport, SessionTarget target,
        SessionHandshake handshake, SessionSecrets secrets, CancellationToken cancellation)
    {
        var session = new ClientSession(transport, target, secrets, options.RequestTimeout, time, onLoss);
        var response = await transport.SendAsync<ActivateSessionRequest, ActivateSessionResponse>(
            handshake.Activate(session.Header(options.ConnectTimeout, handshake.AskForKey()), secrets),
            options.ConnectTimeout, cancellation);
        handshake.Accept(secrets, response);
        return session;
    }

    private void Judge(SessionTarget target)
    {
        if (!target.IsSecure && !UserToken.NeedsTrust(options.User)) return;
        if (target.Endpoint.ServerCertificate is not { Length: > 0 } certificate)
            throw new OpcUaException(StatusCodes.BadCertificateInvalid, "the endpoint has no certificate");
        if (options.Validator is null)
            throw new OpcUaException(StatusCodes.BadCertificateUntrusted,
                "a user's secret is told only to a server that somebody judges");
        var (status, explanation) = options.Validator.Validate(
            certificate, target.Endpoint.Server.ApplicationUri, options.EndpointUrl.Host);
        if (status.IsBad)
            throw new OpcUaException(status, explanation ?? "the server's certificate is not accepted");
    }

    private RequestHeader Header(ExtensionObject? additional) => new()
    {
        Timestamp = time.GetUtcNow().UtcDateTime,
        RequestHandle = 1,
        TimeoutHint = (uint)options.ConnectTimeout.TotalMilliseconds,
        AdditionalHeader = additional,
    };
}
