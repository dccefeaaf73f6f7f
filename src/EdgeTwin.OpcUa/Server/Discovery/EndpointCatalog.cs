using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Discovery;

/// <summary>The endpoints, as discovery and CreateSession tell them: both must say the same (OPC 10000-4
/// §5.7.2).</summary>
/// <param name="options">What the server is.</param>
/// <param name="security">What it offers.</param>
internal sealed class EndpointCatalog(OpcUaServerOptions options, ServerSecurity security)
{
    /// <summary>The transport that all endpoints have (OPC 10000-7).</summary>
    public const string TransportProfile = "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary";

    private const int LongestHost = 255;
    private readonly string ownHost = FirstHost(options);

    /// <summary>The port that is listened on; known once the listener is bound.</summary>
    public int Port { get; set; } = options.Port;

    /// <summary>The URL for whoever names none of his own.</summary>
    public string OwnUrl => UrlOf(ownHost, Port);

    /// <summary>Every endpoint, best security first.</summary>
    /// <param name="requestedUrl">The URL that the client dialled, or null. Its host and port are told back, because it
    /// got here by them, also through address translation.</param>
    public EndpointDescription[] All(string? requestedUrl)
    {
        var url = UrlFor(requestedUrl);
        var server = Application(url);
        return [.. security.Offered.Select(choice => Describe(choice.Policy, choice.Mode, url, server))];
    }

    /// <summary>The application, with the URL by which the client got here.</summary>
    public ApplicationDescription Application(string url) => new()
    {
        ApplicationUri = options.ApplicationUri,
        ProductUri = options.ProductUri,
        ApplicationName = new LocalizedText("en", options.ApplicationName),
        ApplicationType = ApplicationType.Server,
        DiscoveryUrls = [url],
    };

    /// <summary>What users may prove themselves with at an endpoint.</summary>
    public UserTokenPolicy[] TokensOf(SecurityPolicy policy, MessageSecurityMode mode) =>
        TokenPolicies.For(policy, mode, options.Users);

    /// <summary>The URL to tell a client who dialled <paramref name="requestedUrl"/>.</summary>
    public string UrlFor(string? requestedUrl) =>
        Uri.TryCreate(requestedUrl, UriKind.Absolute, out var uri) && uri.Scheme == "opc.tcp"
            && uri.Host.Length is > 0 and <= LongestHost
            ? UrlOf(uri.Host, uri.Port > 0 ? uri.Port : 4840)
            : OwnUrl;

    private static string FirstHost(OpcUaServerOptions options)
    {
        if (options.HostNames.Count > 0) return options.HostNames[0];
        var any = options.BindAddress.Equals(IPAddress.Any) || options.BindAddress.Equals(IPAddress.IPv6Any);
        return any ? Dns.GetHostName() : options.BindAddress.ToString();
    }

    private static string UrlOf(string host, int port) =>
        IPAddress.TryParse(host, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 && host[0] != '['
            ? $"opc.tcp://[{host}]:{port}"
            : $"opc.tcp://{host}:{port}";

    private EndpointDescription Describe(
        SecurityPolicy policy, MessageSecurityMode mode, string url, ApplicationDescription server) => new()
        {
            EndpointUrl = url,
            Server = server,
            ServerCertificate = security.ShownAt(policy)?.Chain,
            SecurityMode = mode,
            SecurityPolicyUri = policy.Uri,
            UserIdentityTokens = TokensOf(policy, mode),
            TransportProfileUri = TransportProfile,
            SecurityLevel = Level(policy, mode),
        };

    // Relative to each other only (OPC 10000-4 §7.14): encryption counts more than the policy.
    private static byte Level(SecurityPolicy policy, MessageSecurityMode mode)
    {
        if (!policy.IsSecure) return 0;
        var strength = policy == SecurityPolicy.Aes256Sha256RsaPss ? 4
            : policy == SecurityPolicy.EccNistP384 ? 5
            : policy == SecurityPolicy.EccNistP256 ? 3
            : policy == SecurityPolicy.Basic256Sha256 ? 2 : 1;
        return (byte)(mode == MessageSecurityMode.SignAndEncrypt ? 20 + strength : 10 + strength);
    }
}
