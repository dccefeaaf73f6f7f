using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.OpcUa.Client;

/// <summary>A user who is known by a certificate.</summary>
/// <param name="Certificate">The user's certificate with its private key.</param>
public sealed record CertificateUser(X509Certificate2 Certificate) : ClientUser
{
    /// <summary>Subject of the certificate.</summary>
    public override string ToString() => $"user '{Certificate.Subject}'";
}
