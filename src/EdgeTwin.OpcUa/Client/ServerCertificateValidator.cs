using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client;

/// <summary>Judges server certificates by the pki folders.</summary>
/// <param name="validator">The validator over the folders.</param>
/// <param name="checkHost">Whether the certificate must name the host that is dialled; leave it out only where
/// addresses are translated.</param>
public sealed class ServerCertificateValidator(CertificateValidator validator, bool checkHost = true)
    : IServerCertificateValidator
{
    /// <inheritdoc/>
    public (StatusCode Status, string? Explanation) Validate(
        ReadOnlyMemory<byte> certificate, string? applicationUri, string host)
    {
        var verdict = validator.Validate(certificate.Span, new CertificateQuestion
        {
            Role = CertificateRole.Server,
            ApplicationUri = applicationUri,
            HostName = checkHost ? host : null,
        });
        return (verdict.Status, verdict.Reason is null
            ? null
            : $"the server's certificate '{verdict.Name}' is not accepted: {verdict.Reason}");
    }
}
