namespace EdgeTwin.OpcUa.Certificates;

/// <summary>A certificate and its issuers.</summary>
/// <param name="Certificates">Leaf first.</param>
/// <param name="End">Whether the last one is the top, or why it is not.</param>
internal sealed record CertificateChain(IReadOnlyList<ParsedCertificate> Certificates, ChainEnd End)
{
    public ParsedCertificate Leaf => Certificates[0];

    public ParsedCertificate Last => Certificates[^1];
}
