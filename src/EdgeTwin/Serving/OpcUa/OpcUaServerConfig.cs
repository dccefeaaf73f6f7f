using System.ComponentModel.DataAnnotations;
using System.Net;
using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>The twin as an OPC UA server.</summary>
internal sealed record OpcUaServerConfig : IConfigCheck
{
    /// <summary>Whether it is served.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>IP address on which clients are accepted: <c>127.0.0.1</c> for this machine alone, <c>0.0.0.0</c> for
    /// every IPv4 network it is in.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>TCP port; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 4840;

    /// <summary>Names and addresses by which clients reach this machine, for the endpoints and the certificate; the
    /// machine's own when absent.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Security policies that are offered: <c>Basic256Sha256</c>, <c>Aes128_Sha256_RsaOaep</c>,
    /// <c>Aes256_Sha256_RsaPss</c>, <c>ECC_nistP256</c>, <c>ECC_nistP384</c>, and <c>None</c>, which everybody on the
    /// network can read along.</summary>
    [MinLength(1)]
    public IReadOnlyList<string> Policies { get; init; } = OpcUaPolicies.Default;

    /// <summary>Whether clients may sign without encrypting; <c>sign-and-encrypt</c> alone refuses that.</summary>
    [MinLength(1)]
    public IReadOnlyList<OpcUaMode> Modes { get; init; } = [OpcUaMode.Sign, OpcUaMode.SignAndEncrypt];

    /// <summary>Whether clients without a user may look.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Users, by name. Whose certificate is in the folder <c>users/trusted/certs</c> of <c>pki</c> may look
    /// without being named here.</summary>
    public IReadOnlyDictionary<string, OpcUaUserConfig> Users { get; init; } =
        new Dictionary<string, OpcUaUserConfig>();

    /// <summary>Folder of the certificates: own, trusted, issuers, rejected; <c>pki</c> in the gateway's data folder
    /// when absent.</summary>
    public string? Pki { get; init; }

    /// <summary>Name that clients show; <c>EdgeTwin</c> and the gateway's id when absent.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>Uri of this server, which is in its certificate; <c>urn:edgetwin:gateway:</c> and the gateway's id when
    /// absent. A new one needs a new certificate.</summary>
    public string? ApplicationUri { get; init; }

    /// <summary>Namespace of the twin's nodes; <c>urn:edgetwin:asset:</c> and the asset's path when absent. Clients
    /// bind to it, so it stays what it is.</summary>
    public string? NamespaceUri { get; init; }

    /// <summary>Discovery server in which this server registers, such as <c>opc.tcp://plant-lds:4840</c>; none when
    /// absent. Both must trust the other's certificate.</summary>
    public Uri? DiscoveryServer { get; init; }

    /// <summary>Sessions at a time.</summary>
    [Range(1, 10_000)]
    public int MaxSessions { get; init; } = 100;

    /// <summary>Monitored items of all clients together.</summary>
    [Range(1, 10_000_000)]
    public int MaxMonitoredItems { get; init; } = 200_000;

    /// <summary>Shortest publishing interval that a client gets.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MinPublishingInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Message)> Check()
    {
        if (!IPAddress.TryParse(Bind, out _))
            yield return ("bind", $"'{Bind}' is no IP address; write 127.0.0.1, 0.0.0.0 or that of a network card");
        foreach (var policy in Policies)
        {
            if (OpcUaPolicies.Deprecated.Contains(policy))
                yield return ("policies",
                    $"'{policy}' is broken and no longer offered; clients that know nothing better "
                    + "need an update");
            else if (!OpcUaPolicies.Known.Contains(policy))
                yield return ("policies", $"there is no policy '{policy}'"
                    + NearestName.Hint(policy, OpcUaPolicies.Known, "there are"));
        }

        foreach (var (key, uri) in new[] { ("applicationUri", ApplicationUri), ("namespaceUri", NamespaceUri) })
        {
            if (uri is not null && !Uri.IsWellFormedUriString(uri, UriKind.Absolute))
                yield return (key, $"'{uri}' is no uri; write urn:… or http://…");
        }

        if (DiscoveryServer is { Scheme: not "opc.tcp" } other)
            yield return ("discoveryServer", $"'{other}' is no OPC UA address; write opc.tcp://host:4840");

        if (NamespaceUri is { } space && space.StartsWith("http://opcfoundation.org/", StringComparison.Ordinal))
            yield return ("namespaceUri", $"'{space}' belongs to the OPC Foundation; choose one of your own");
    }
}
