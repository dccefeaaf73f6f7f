using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Security;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>
/// The own certificates, one per key family, from <c>own/certs</c> and <c>own/private</c>: those that lie there (also
/// from an authority of the plant, as DER or PEM with a PEM key of the same file name, or as <c>.pfx</c> without
/// password in <c>own/private</c>), and new self-signed ones for the families that are missing.
/// </summary>
public sealed class ApplicationCertificates : IDisposable
{
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(30);

    private readonly List<ApplicationCertificate> certificates;

    private ApplicationCertificates(List<ApplicationCertificate> certificates) => this.certificates = certificates;

    /// <summary>All of them, at most one per key family.</summary>
    public IReadOnlyList<ApplicationCertificate> All => certificates;

    /// <summary>Loads the own certificates, and makes what is missing.</summary>
    /// <param name="store">The pki folder.</param>
    /// <param name="identity">What the certificates must say: those with another application URI are passed
    /// over.</param>
    /// <param name="families">Families that are needed.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Where new and unusable certificates are told.</param>
    /// <exception cref="IOException">A new certificate cannot be written.</exception>
    public static ApplicationCertificates LoadOrCreate(
        CertificateStore store, ApplicationIdentity identity, IEnumerable<KeyFamily> families, TimeProvider time,
        ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(families);
        ArgumentNullException.ThrowIfNull(time);
        var found = new List<ApplicationCertificate>();
        foreach (var family in families.Where(static f => f != KeyFamily.None).Distinct())
        {
            var own = Newest(store, family, identity.ApplicationUri, logger);
            if (own is null)
            {
                own = Create(store, identity, family, time);
                PkiLog.Created(logger, identity.ApplicationUri, own.Path);
            }
            else if (own.NotAfter - time.GetUtcNow().UtcDateTime < WarnBefore)
            {
                PkiLog.OwnEnds(logger, own.Path, own.NotAfter);
            }

            found.Add(own);
        }

        return new ApplicationCertificates(found);
    }

    /// <summary>Loads the own certificates that there are, whatever they say; makes none.</summary>
    public static ApplicationCertificates Load(CertificateStore store, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(store);
        KeyFamily[] families = [KeyFamily.Rsa, KeyFamily.NistP256, KeyFamily.NistP384];
        return new ApplicationCertificates(
            [.. families.Select(f => Newest(store, f, null, logger)).OfType<ApplicationCertificate>()]);
    }

    /// <summary>The certificate for a policy; null without security and when there is none.</summary>
    public ApplicationCertificate? For(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.IsSecure ? certificates.Find(c => c.Key.Fits(policy)) : null;
    }

    /// <summary>The certificate that a peer named by its thumbprint; null when it is none of ours.</summary>
    public ApplicationCertificate? ByThumbprint(ReadOnlySpan<byte> thumbprint)
    {
        foreach (var certificate in certificates)
        {
            if (thumbprint.SequenceEqual(certificate.Thumbprint)) return certificate;
        }

        return null;
    }

    /// <summary>Makes a self-signed certificate that takes the place of the one there is. The old files stay.</summary>
    /// <param name="store">The pki folder.</param>
    /// <param name="identity">What it says.</param>
    /// <param name="family">Family of its key.</param>
    /// <param name="time">Clock.</param>
    /// <param name="keyOf">Certificate whose key is kept; a new key is made when null.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ApplicationCertificate Create(
        CertificateStore store, ApplicationIdentity identity, KeyFamily family, TimeProvider time,
        ApplicationCertificate? keyOf = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        using var key = keyOf is null
            ? CertificateMaker.NewKey(family, identity.RsaKeyBits)
            : (AsymmetricAlgorithm?)keyOf.Certificate.GetRSAPrivateKey() ?? keyOf.Certificate.GetECDsaPrivateKey()!;
        var made = CertificateMaker.SelfSigned(identity, key, time.GetUtcNow());
        if (!ParsedCertificate.TryParse(made.RawData, out var parsed))
            throw new InvalidOperationException("The own certificate cannot be read back.");

        var name = PkiFiles.NameOf(parsed.DisplayName, parsed.Thumbprint);
        // The key first: a certificate without key would be passed over, a key without certificate does no harm.
        PkiFiles.Write(
            Path.Combine(store.PrivateFolder, name + ".pem"),
            System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), secret: true);
        var path = Path.Combine(store.FolderOf(CertificateFolder.Own), name + ".der");
        PkiFiles.Write(path, made.RawData);
        return new ApplicationCertificate(path, parsed, made, []);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in certificates) certificate.Dispose();
    }

    private static ApplicationCertificate? Newest(
        CertificateStore store, KeyFamily family, string? applicationUri, ILogger logger)
    {
        var candidates = OwnKeys.Read(store, logger)
            .Where(c => c.Certificates[0].Key?.Family == family)
            .OrderByDescending(static c => c.Certificates[0].NotBefore)
            .ThenByDescending(static c => File.GetLastWriteTimeUtc(c.Path)).ToArray();
        foreach (var (path, own, _) in candidates)
        {
            if (applicationUri is null || own[0].Extensions.Uris.Contains(applicationUri)) continue;
            PkiLog.OwnPassedOver(logger, path, $"it is not for the application URI '{applicationUri}'");
        }

        var chosen = Array.Find(
            candidates, c => applicationUri is null || c.Certificates[0].Extensions.Uris.Contains(applicationUri));
        foreach (var other in candidates)
        {
            if (other.WithKey != chosen.WithKey) other.WithKey.Dispose();
        }

        if (chosen.Certificates is null) return null;
        // OPC 10000-6 §6.2.6: leaf first; the authority at the top can be left out, for the peer must know it anyway.
        var chain = ChainBuilder.Build(chosen.Certificates[0], chosen.Certificates[1..], store.Current(), 8);
        return new ApplicationCertificate(
            chosen.Path, chosen.Certificates[0], chosen.WithKey,
            chain.Certificates.Skip(1).Where(static c => !c.IsSelfSigned).Select(static c => c.Der));
    }
}
