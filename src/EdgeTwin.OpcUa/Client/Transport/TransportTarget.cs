using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Client.Transport;

/// <summary>Where a secure channel leads, and what secures it.</summary>
internal sealed record TransportTarget
{
    public required Uri Url { get; init; }

    public SecurityPolicy Policy { get; init; } = SecurityPolicy.None;

    public MessageSecurityMode Mode { get; init; } = MessageSecurityMode.None;

    /// <summary>Own certificate; null without security.</summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>DER of the server's certificate, validated; null without security.</summary>
    public byte[]? ServerCertificate { get; init; }
}
