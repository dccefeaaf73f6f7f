using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using static EdgeTwin.OpcUa.Certificates.CertificateCheck;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>The steps of OPC 10000-4 §6.1.3 that depend on the chain and the folders only, not on who asks for whom.
/// Finds all problems, so that a person mends them in one go.</summary>
internal sealed class ChainChecks(
    CertificateChain chain, CertificateRole role, TrustSnapshot store, CertificateValidatorOptions options,
    DateTime now)
{
    private const X509KeyUsageFlags Enciphering =
        X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment;

    private readonly List<CertificateProblem> problems = [];

    private ParsedCertificate Leaf => chain.Leaf;

    /// <summary>Runs the steps in their order.</summary>
    public List<CertificateProblem> Run()
    {
        CheckEnd();
        foreach (var certificate in chain.Certificates)
        {
            CheckStrength(certificate);
            if (certificate.Extensions.UnknownCritical is { } oid)
            {
                Add(Structure, StatusCodes.BadCertificateInvalid,
                    $"{Who(certificate)} has the critical extension {oid}, which is not understood here: "
                    + "have it issued without");
            }
        }

        if (!options.AcceptUntrusted && !chain.Certificates.Any(store.IsTrusted))
        {
            Add(Trust, StatusCodes.BadCertificateUntrusted,
                $"not trusted: compare the thumbprint with the peer's, then run 'edgetwin certs trust "
                + $"{Leaf.Thumbprint[..8]}'");
        }

        foreach (var certificate in chain.Certificates) CheckTime(certificate);
        CheckUse();
        CheckIssuers();
        for (var i = 0; i + 1 < chain.Certificates.Count; i++)
            CheckRevocation(chain.Certificates[i], chain.Certificates[i + 1]);
        return problems;
    }

    private void CheckEnd()
    {
        var last = Who(chain.Last);
        switch (chain.End)
        {
            case ChainEnd.IssuerMissing:
                Add(Chain, StatusCodes.BadCertificateChainIncomplete,
                    $"the authority that issued {last} is not known: put its certificate into issuers/certs");
                break;
            case ChainEnd.Loop:
                Add(Chain, StatusCodes.BadCertificateChainIncomplete,
                    $"the chain of {last} leads in a circle and never to an authority at the top: "
                    + "have the certificate issued anew");
                break;
            case ChainEnd.TooLong:
                Add(Chain, StatusCodes.BadCertificateChainIncomplete,
                    $"the chain has more than {options.MaxChainLength} certificates: use a shorter one");
                break;
            case ChainEnd.BadSignature:
                Add(Signature, StatusCodes.BadCertificateInvalid,
                    $"the signature of {last} is not its issuer's: the certificate is damaged or forged");
                break;
            default:
                break;
        }
    }

    // OPC 10000-7: the policies name the shortest keys and forbid SHA-1; a P-384 key goes with SHA-384.
    private void CheckStrength(ParsedCertificate certificate)
    {
        var who = Who(certificate);
        switch (certificate.Key)
        {
            case null:
                Weak($"{who} has a key that is neither RSA nor on the curves P-256 or P-384");
                break;
            case { Family: KeyFamily.Rsa } rsa when rsa.Bits < options.MinRsaKeyBits:
                Weak($"{who} has an RSA key of {rsa.Bits} bits, {options.MinRsaKeyBits} are the least");
                break;
            case { Family: KeyFamily.Rsa } rsa when rsa.Bits > options.MaxRsaKeyBits:
                Weak($"{who} has an RSA key of {rsa.Bits} bits, {options.MaxRsaKeyBits} are the most");
                break;
            default:
                break;
        }

        if (certificate.SignatureHash.Name is null || certificate.SignatureHash == HashAlgorithmName.SHA1)
            Weak($"{who} is signed with SHA-1 or with an algorithm that is not known");
        else if (certificate.Key is { Family: KeyFamily.NistP384 }
            && certificate.SignatureHash == HashAlgorithmName.SHA256)
            Weak($"{who} has a P-384 key but is signed with SHA-256 instead of SHA-384");

        void Weak(string text) =>
            Add(Policy, StatusCodes.BadCertificatePolicyCheckFailed, text + ": have a new one made");
    }

    private void CheckTime(ParsedCertificate certificate)
    {
        var status = certificate == Leaf
            ? StatusCodes.BadCertificateTimeInvalid
            : StatusCodes.BadCertificateIssuerTimeInvalid;
        if (now < certificate.NotBefore)
        {
            Add(Time, status, $"{Who(certificate)} is valid from {certificate.NotBefore:u} on only: check the clocks "
                + $"of both machines, it is {now:u} here");
        }
        else if (now > certificate.NotAfter)
        {
            Add(Time, status, $"{Who(certificate)} ended on {certificate.NotAfter:u}: have it renewed");
        }
    }

    // OPC 10000-6 §6.2.2. An absent extension restricts nothing (RFC 5280 §4.2.1.3).
    private void CheckUse()
    {
        var extensions = Leaf.Extensions;
        if (extensions.IsAuthority && !Leaf.IsSelfSigned)
            Add(Use, StatusCodes.BadCertificateUseNotAllowed, "it is an authority's certificate, not an application's");
        if (extensions.KeyUsage is { } usage)
        {
            if (!usage.HasFlag(X509KeyUsageFlags.DigitalSignature))
                Missing("digitalSignature");
            else if (role != CertificateRole.User && Leaf.Key is { Family: KeyFamily.Rsa }
                && (usage & Enciphering) == X509KeyUsageFlags.None)
                Missing("keyEncipherment or dataEncipherment");
        }

        if (role == CertificateRole.User || extensions.ExtendedKeyUsage is not { } extended) return;
        var (needed, name) = role == CertificateRole.Client
            ? (Oids.ClientAuthentication, "clientAuth")
            : (Oids.ServerAuthentication, "serverAuth");
        if (!extended.Contains(needed) && !extended.Contains(Oids.AnyExtendedKeyUsage)) Missing(name);

        void Missing(string use) => Add(Use, StatusCodes.BadCertificateUseNotAllowed,
            $"its key may not be used for {use}: have it issued as an OPC UA application certificate");
    }

    private void CheckIssuers()
    {
        for (var i = 1; i < chain.Certificates.Count; i++)
        {
            var issuer = chain.Certificates[i];
            var below = i - 1; // authorities between this one and the leaf
            if (!issuer.Extensions.IsAuthority)
                Refuse("is no authority (basicConstraints) and yet issued a certificate");
            else if (issuer.Extensions.KeyUsage is { } usage && !usage.HasFlag(X509KeyUsageFlags.KeyCertSign))
                Refuse("may not sign certificates (keyUsage)");
            else if (issuer.Extensions.PathLength < below)
                Refuse($"allows {issuer.Extensions.PathLength} authorities below it, there are {below}");

            void Refuse(string text) => Add(Use, StatusCodes.BadCertificateIssuerUseNotAllowed,
                $"{Who(issuer)} {text}: have the chain issued anew");
        }
    }

    private void CheckRevocation(ParsedCertificate certificate, ParsedCertificate issuer)
    {
        var isLeaf = certificate == Leaf;
        var newest = Newest(issuer);
        if (newest is not null && newest.Revokes(certificate))
        {
            Add(Revocation, isLeaf ? StatusCodes.BadCertificateRevoked : StatusCodes.BadCertificateIssuerRevoked,
                $"{Who(certificate)} was revoked by '{issuer.DisplayName}': have a new one issued");
        }

        if (!options.RequireRevocationLists) return;
        var status = isLeaf
            ? StatusCodes.BadCertificateRevocationUnknown
            : StatusCodes.BadCertificateIssuerRevocationUnknown;
        var folder = store.IsTrusted(issuer) ? "trusted/crl" : "issuers/crl";
        if (newest is null)
        {
            Add(CertificateCheck.RevocationList, status,
                $"there is no revocation list of '{issuer.DisplayName}': put its file into {folder}");
        }
        else if (newest.NextUpdate < now)
        {
            Add(CertificateCheck.RevocationList, status, $"the revocation list of '{issuer.DisplayName}' ran out on "
                + $"{newest.NextUpdate:u}: put a newer one into {folder}");
        }
    }

    private RevocationList? Newest(ParsedCertificate issuer)
    {
        if (issuer.Key is not { } key) return null;
        if (issuer.Extensions.KeyUsage is { } usage && !usage.HasFlag(X509KeyUsageFlags.CrlSign)) return null;
        RevocationList? newest = null;
        foreach (var list in store.ListsOf(issuer.Subject))
        {
            if (!list.IsPartial && (newest is null || list.ThisUpdate > newest.ThisUpdate) && list.IsSignedBy(key))
                newest = list;
        }

        return newest;
    }

    private string Who(ParsedCertificate certificate) =>
        certificate == Leaf ? "it" : $"the authority '{certificate.DisplayName}'";

    private void Add(CertificateCheck check, uint status, string text) =>
        problems.Add(new CertificateProblem(check, status, text));
}
