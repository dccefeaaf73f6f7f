using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>Reads the own certificates and joins each with its private key.</summary>
internal static class OwnKeys
{
    /// <summary>Certificates of <c>own</c> that have their key: file, certificate with its issuers if the file has
    /// them, and the certificate joined with its key.</summary>
    public static IEnumerable<(string Path, List<ParsedCertificate> Certificates, X509Certificate2 WithKey)> Read(
        CertificateStore store, ILogger logger)
    {
        foreach (var path in CertificateStore.FilesOf(store.FolderOf(CertificateFolder.Own)))
        {
            var found = CertificateStore.ReadCertificates(path, []);
            if (found.Count == 0) continue;
            var withKey = TryJoin(store, path, found[0], logger);
            if (withKey is not null) yield return (path, found, withKey);
        }

        foreach (var path in Directory.EnumerateFiles(store.PrivateFolder, "*.pfx").Order(StringComparer.Ordinal))
        {
            var withKey = TryRead(path, static p => X509CertificateLoader.LoadPkcs12FromFile(p, null), logger);
            if (withKey is null || !ParsedCertificate.TryParse(withKey.RawData, out var parsed)) continue;
            yield return (path, [parsed], withKey);
        }
    }

    private static X509Certificate2? TryJoin(
        CertificateStore store, string path, ParsedCertificate certificate, ILogger logger)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        foreach (var extension in (string[])[".pem", ".key"])
        {
            var keyFile = Path.Combine(store.PrivateFolder, name + extension);
            if (File.Exists(keyFile)) return TryRead(keyFile, p => Join(certificate, File.ReadAllText(p)), logger);
        }

        PkiLog.OwnPassedOver(logger, path, $"its key is not at own/private/{name}.pem");
        return null;
    }

    private static X509Certificate2? TryRead(string path, Func<string, X509Certificate2> read, ILogger logger)
    {
        try
        {
            return read(path);
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException
            || PkiFiles.IsFileProblem(failed))
        {
            PkiLog.OwnPassedOver(logger, path, $"its key cannot be used: {failed.Message}");
            return null;
        }
    }

    private static X509Certificate2 Join(ParsedCertificate certificate, string pem)
    {
        if (certificate.Key is { Rsa: not null })
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return certificate.Certificate.CopyWithPrivateKey(rsa);
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        return certificate.Certificate.CopyWithPrivateKey(ecdsa);
    }
}
