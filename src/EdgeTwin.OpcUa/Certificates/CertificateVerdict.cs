using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>What the validation of a certificate found. The certificate and its key are shared with later verdicts:
/// nobody disposes them.</summary>
public sealed class CertificateVerdict
{
    internal CertificateVerdict(ParsedCertificate? leaf, IReadOnlyList<CertificateProblem> problems) =>
        (Leaf, Problems) = (leaf, problems);

    /// <summary>Whether the certificate is accepted.</summary>
    public bool IsAccepted => Problems.Count == 0;

    /// <summary>All reasons against it, in the order of the specification's steps; the first one counts.</summary>
    public IReadOnlyList<CertificateProblem> Problems { get; }

    /// <summary>The specification's code: for logs and for the own user, not for the peer.</summary>
    public StatusCode Status => IsAccepted ? StatusCodes.Good : Problems[0].Status;

    /// <summary>The code that the peer may learn: whether it is trusted, and how its chain is seen here, is not its
    /// business (OPC 10000-4 §6.1.3).</summary>
    public StatusCode PeerStatus => !IsAccepted && IsPrivate(Problems[0].Check)
        ? StatusCodes.BadSecurityChecksFailed
        : Status;

    /// <summary>Why it is not accepted and what to do, one sentence; null when it is accepted.</summary>
    public string? Reason => IsAccepted ? null : Problems[0].Text;

    /// <summary>The leaf; null when the bytes are no certificate.</summary>
    public X509Certificate2? Certificate => Leaf?.Certificate;

    /// <summary>DER of the leaf; null when the bytes are no certificate.</summary>
    public byte[]? Der => Leaf?.Der;

    /// <summary>Public key of the leaf; null when it is of no kind that OPC UA uses.</summary>
    public CertificateKey? Key => Leaf?.Key;

    /// <summary>Application URI that the leaf names; null when it names none.</summary>
    public string? ApplicationUri => Leaf?.Extensions.Uris.FirstOrDefault();

    /// <summary>Common name of the leaf, or what comes nearest.</summary>
    public string Name => Leaf?.DisplayName ?? "no certificate";

    internal ParsedCertificate? Leaf { get; }

    private static bool IsPrivate(CertificateCheck check) => check is CertificateCheck.Structure
        or CertificateCheck.Chain or CertificateCheck.Signature or CertificateCheck.Policy or CertificateCheck.Trust
        or CertificateCheck.RevocationList or CertificateCheck.Revocation;
}
