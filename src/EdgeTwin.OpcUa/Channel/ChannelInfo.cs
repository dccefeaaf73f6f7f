using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>What was agreed when a channel was opened. It stays the same over renewals.</summary>
/// <param name="Id">The channel's id, unique among the open ones of the server.</param>
/// <param name="Policy">Security policy.</param>
/// <param name="Mode">Whether messages are signed, and encrypted.</param>
/// <param name="Peer">Certificate of the other side; null without security.</param>
/// <param name="Own">Own certificate that the channel was opened with; null without security.</param>
/// <param name="EndpointUrl">URL that the client named in HEL; null when it named none.</param>
public sealed record ChannelInfo(
    uint Id, SecurityPolicy Policy, MessageSecurityMode Mode, PeerCertificate? Peer, OwnCertificate? Own,
    string? EndpointUrl)
{
    /// <summary>The client's certificate, seen from a server; null without security.</summary>
    public X509Certificate2? ClientCertificate => Peer?.Certificate;

    /// <summary>DER of the client's certificate alone, seen from a server; null without security.</summary>
    public byte[]? ClientCertificateDer => Peer?.Leaf;
}
