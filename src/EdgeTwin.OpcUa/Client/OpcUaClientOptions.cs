using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client.Reverse;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Client;

/// <summary>How a client connects, as whom, and how patient it is.</summary>
public sealed record OpcUaClientOptions
{
    /// <summary>Where the server is: <c>opc.tcp://host:port/path</c>.</summary>
    public required Uri EndpointUrl { get; init; }

    /// <summary>What the channel does with messages; default sign and encrypt. Never lowered by the client
    /// itself.</summary>
    public MessageSecurityMode SecurityMode { get; init; } = MessageSecurityMode.SignAndEncrypt;

    /// <summary>The one policy to use; null takes the strongest that server and own key can do in
    /// <see cref="SecurityMode"/>.</summary>
    public SecurityPolicy? SecurityPolicy { get; init; }

    /// <summary>Who the session is for; default anonymous.</summary>
    public ClientUser User { get; init; } = ClientUser.Anonymous;

    /// <summary>The own application certificate; needed unless <see cref="SecurityMode"/> is None. Stays the caller's,
    /// for longer than the client.</summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>Judge of server certificates; needed unless <see cref="SecurityMode"/> is None and the user is
    /// anonymous.</summary>
    public IServerCertificateValidator? Validator { get; init; }

    /// <summary>The own application URI, the same as in <see cref="Certificate"/>.</summary>
    public required string ApplicationUri { get; init; }

    /// <summary>The own name, shown in the server's diagnostics.</summary>
    public string ApplicationName { get; init; } = "EdgeTwin";

    /// <summary>The own product URI.</summary>
    public string ProductUri { get; init; } = "urn:edgetwin";

    /// <summary>Name of the session in the server's diagnostics; default the application's.</summary>
    public string? SessionName { get; init; }

    /// <summary>Locales of texts, best first; empty leaves it to the server.</summary>
    public IReadOnlyList<string> Locales { get; init; } = [];

    /// <summary>How long the server keeps a session without a word; default 2 min. Asked for; the server
    /// decides.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest wait for a connection with its channel and session, each step; default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the answer to a request; default 15 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two looks at the server's state, which show that it lives; default 5 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the server's state before the connection is taken for dead; default 5 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before the second attempt to reconnect (the first is made at once); doubles from there; default
    /// 250 ms.</summary>
    public TimeSpan FirstReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between two attempts; default 4 s.</summary>
    public TimeSpan LongestReconnectDelay { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Time between two attempts to monitor nodes that the server refused; default 30 s.</summary>
    public TimeSpan ItemRetryInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the connection may cost.</summary>
    public ChannelLimits Limits { get; init; } = new();

    /// <summary>Where the server dials in, for a server that cannot be reached (reverse connect); null, the default:
    /// the client dials. The listener stays the caller's, for longer than the client.</summary>
    public ReverseConnectListener? Reverse { get; init; }

    /// <summary>Application URI of the one server that is spoken to; null takes whichever answers at
    /// <see cref="EndpointUrl"/>. Needed with <see cref="Reverse"/>.</summary>
    public string? ServerUri { get; init; }

    /// <summary>Longest wait for a server that dials in; default 70 s, for servers pause between attempts.</summary>
    public TimeSpan ReverseTimeout { get; init; } = TimeSpan.FromSeconds(70);

    /// <summary>Called at each change of state after the first connect, on the client's loop: must be quick.</summary>
    public Action<ClientState>? StateChanged { get; init; }

    /// <summary>Spreads the attempts of many clients: a number in [0, 1) at each call; default the system's random
    /// numbers.</summary>
    public Func<double>? Jitter { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(EndpointUrl);
        ArgumentException.ThrowIfNullOrWhiteSpace(ApplicationUri);
        if (EndpointUrl is not { IsAbsoluteUri: true, Scheme: "opc.tcp" } || EndpointUrl.Host.Length == 0)
            throw new ArgumentException($"'{EndpointUrl}' is no address of a server; write opc.tcp://host:port");
        if (Reverse is not null && string.IsNullOrEmpty(ServerUri))
            throw new ArgumentException("a server that dials in is known by its application URI: set ServerUri");
        if (SecurityMode is not (MessageSecurityMode.None or MessageSecurityMode.Sign
            or MessageSecurityMode.SignAndEncrypt))
            throw new ArgumentException($"security mode {SecurityMode} is none of None, Sign, SignAndEncrypt");
        if (SecurityPolicy is not null && SecurityPolicy.IsSecure == (SecurityMode == MessageSecurityMode.None))
            throw new ArgumentException($"policy {SecurityPolicy.Name} does not go with mode {SecurityMode}");
        if (SecurityMode != MessageSecurityMode.None && Certificate is null)
            throw new ArgumentException($"mode {SecurityMode} needs an own certificate");
        if (SecurityMode != MessageSecurityMode.None && Validator is null)
            throw new ArgumentException($"mode {SecurityMode} needs a judge of server certificates");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepAliveInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepAliveTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstReconnectDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestReconnectDelay, FirstReconnectDelay);
    }
}
