using System.Net;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>What ActivateSession brings to prove who the user is, and what it is judged against.</summary>
internal sealed record LogonAttempt
{
    /// <summary>The user identity token; null is the anonymous one.</summary>
    public required ExtensionObject? Token { get; init; }

    /// <summary>The user's signature over server certificate and nonce; empty but for certificates.</summary>
    public required SignatureData Signature { get; init; }

    /// <summary>What the session's endpoint offers.</summary>
    public required UserTokenPolicy[] Offered { get; init; }

    /// <summary>Security policy of the endpoint.</summary>
    public required SecurityPolicy Endpoint { get; init; }

    /// <summary>The server's certificate that the client was told; null where the server has none at all.</summary>
    public required OwnCertificate? Own { get; init; }

    /// <summary>The nonce that the client was told last.</summary>
    public required byte[] ServerNonce { get; init; }

    /// <summary>The key that passwords are encrypted for under ECC; null where the client asked for none.</summary>
    public EphemeralKey? LogonKey { get; init; }

    /// <summary>The key of the client's application certificate; null without security.</summary>
    public CertificateKey? Client { get; init; }

    /// <summary>Where the client is.</summary>
    public required IPAddress Address { get; init; }
}
