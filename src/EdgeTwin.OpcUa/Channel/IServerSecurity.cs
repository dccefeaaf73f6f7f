using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>What a server lets clients open channels with. Asked on the receive loops of connections, several at
/// once.</summary>
public interface IServerSecurity
{
    /// <summary>Whether a channel may be opened so. Policy None has to be allowed for discovery, also where no
    /// session may
    /// use it (OPC 10000-4 §5.4.1).</summary>
    bool Offers(SecurityPolicy policy, MessageSecurityMode mode);

    /// <summary>The own certificate for a policy with security; null where there is none of its key family.</summary>
    OwnCertificate? CertificateFor(SecurityPolicy policy);

    /// <summary>Whether to trust the certificate of a client.</summary>
    /// <returns>Good, or the code that the client is told; the reason is the implementer's to log.</returns>
    StatusCode ValidateClient(PeerCertificate certificate, SecurityPolicy policy);
}
