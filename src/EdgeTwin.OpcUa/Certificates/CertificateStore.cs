using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>
/// A pki folder as the OPC Foundation's tools lay it out (OPC 10000-12 §7.8 names its lists):
/// <code>
/// own/certs       own certificates        own/private   their keys
/// trusted/certs   who is trusted          trusted/crl   revocation lists of trusted authorities
/// issuers/certs   authorities for chains  issuers/crl   their revocation lists
/// rejected/certs  who was refused, for a person to look at (rejected/reasons says why)
/// </code>
/// A change by hand or by a tool is seen within a second. Safe for several threads.
/// </summary>
public sealed class CertificateStore
{
    /// <summary>Most files in <c>rejected</c>; the oldest goes, so that a scan of the port cannot fill the
    /// disk.</summary>
    public const int MostRejected = 100;

    // More files than any plant has, and few enough to read.
    private const int MostFiles = 10_000;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private TrustSnapshot snapshot = new() { Version = 0 };
    private string stamp = "never read";
    private long checkedAt;

    /// <summary>Opens a pki folder, making what is missing.</summary>
    /// <exception cref="IOException">The folders cannot be made.</exception>
    public CertificateStore(string path, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        (Path, this.time, this.logger) = (System.IO.Path.GetFullPath(path), time, logger);
        foreach (var folder in Enum.GetValues<CertificateFolder>())
        {
            PkiFiles.MakeFolder(FolderOf(folder));
            if (folder != CertificateFolder.Own) PkiFiles.MakeFolder(ListsOf(folder));
        }

        PkiFiles.MakeFolder(PrivateFolder, secret: true);
        PkiFiles.MakeFolder(ReasonFolder);
    }

    /// <summary>The pki folder.</summary>
    public string Path { get; }

    internal string PrivateFolder => System.IO.Path.Combine(Path, "own", "private");

    private string ReasonFolder => System.IO.Path.Combine(Path, "rejected", "reasons");

    /// <summary>Where the certificates of a folder lie.</summary>
    public string FolderOf(CertificateFolder folder) => System.IO.Path.Combine(Path, NameOf(folder), "certs");

    /// <summary>Reads the certificates of a folder, by name; files that are none are passed over.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<StoredCertificate> List(CertificateFolder folder)
    {
        var found = new List<StoredCertificate>();
        foreach (var path in FilesOf(FolderOf(folder)))
        {
            if (ReadCertificates(path, []) is not [var first, ..]) continue;
            found.Add(StoredCertificate.Of(
                path, first, folder == CertificateFolder.Rejected ? ReasonOf(first.Thumbprint) : null));
        }

        return found;
    }

    /// <summary>The certificates of a file, DER or PEM, and those of its revocation lists; each as DER.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (IReadOnlyList<byte[]> Certificates, IReadOnlyList<byte[]> RevocationLists) ReadFile(string path)
    {
        var certificates = PkiFiles.Read(path, "CERTIFICATE").Where(static b => ParsedCertificate.TryParse(b, out _));
        var lists = PkiFiles.Read(path, "X509 CRL").Where(static b => RevocationList.TryParse(b, out _));
        return ([.. certificates], [.. lists]);
    }

    /// <summary>Trusts a certificate: writes it to <c>trusted</c> and takes it from <c>rejected</c>.</summary>
    /// <returns>The new file.</returns>
    /// <exception cref="ArgumentException">The bytes are no certificate.</exception>
    public string Trust(ReadOnlySpan<byte> der)
    {
        var certificate = ParseOrThrow(der);
        var path = Save(CertificateFolder.Trusted, certificate);
        Remove(CertificateFolder.Rejected, certificate);
        File.Delete(ReasonFile(certificate.Thumbprint));
        Forget();
        return path;
    }

    /// <summary>No longer trusts a certificate, nor completes chains with it: moves it to <c>rejected</c>.</summary>
    /// <exception cref="ArgumentException">The bytes are no certificate.</exception>
    public void Distrust(ReadOnlySpan<byte> der)
    {
        var certificate = ParseOrThrow(der);
        SaveRejected(certificate, "a person took its trust away");
        Remove(CertificateFolder.Trusted, certificate);
        Remove(CertificateFolder.Issuers, certificate);
        Forget();
    }

    /// <summary>Puts a certificate to <c>issuers</c>, so that chains through it are complete.</summary>
    /// <exception cref="ArgumentException">The bytes are no certificate.</exception>
    public string AddIssuer(ReadOnlySpan<byte> der)
    {
        var path = Save(CertificateFolder.Issuers, ParseOrThrow(der));
        Forget();
        return path;
    }

    /// <summary>Keeps a revocation list, in <c>trusted</c> when its authority is trusted, else in
    /// <c>issuers</c>.</summary>
    /// <returns>The new file; null when the bytes are no revocation list.</returns>
    public string? AddRevocationList(ReadOnlySpan<byte> der)
    {
        var bytes = der.ToArray();
        if (!RevocationList.TryParse(bytes, out var list)) return null;
        var current = Current();
        var authority = current.WithSubject(list.Issuer);
        var folder = authority.Any(current.IsTrusted) ? CertificateFolder.Trusted : CertificateFolder.Issuers;
        var name = PkiFiles.NameOf(
            authority.Count > 0 ? authority[0].DisplayName : "unknown authority", ParsedCertificate.IdOf(bytes)[..16]);
        var path = System.IO.Path.Combine(ListsOf(folder), name + ".crl");
        PkiFiles.Write(path, bytes);
        Forget();
        return path;
    }

    /// <summary>What the folders hold; read again when they changed.</summary>
    internal TrustSnapshot Current()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (snapshot.Version > 0 && time.GetElapsedTime(checkedAt, now) < CheckEvery) return snapshot;
            checkedAt = now;
            try
            {
                var found = Stamp();
                if (found == stamp) return snapshot;
                snapshot = Load(snapshot.Version + 1);
                stamp = found;
                PkiLog.Loaded(logger, Path, snapshot.TrustedCount);
                foreach (var problem in snapshot.Problems) PkiLog.PassedOver(logger, problem);
            }
            catch (Exception failed) when (PkiFiles.IsFileProblem(failed))
            {
                PkiLog.Unreadable(logger, Path, failed.Message); // What was trusted before stays so.
            }

            return snapshot;
        }
    }

    /// <summary>Keeps what a peer showed in <c>rejected</c>. A full disk or a folder without rights must not stop the
    /// server, so that is only logged.</summary>
    internal void KeepRejected(ParsedCertificate certificate, string reason)
    {
        try
        {
            SaveRejected(certificate, reason);
        }
        catch (Exception failed) when (PkiFiles.IsFileProblem(failed))
        {
            PkiLog.NotKept(logger, certificate.DisplayName, failed.Message);
        }
    }

    private static string NameOf(CertificateFolder folder) => folder switch
    {
        CertificateFolder.Own => "own",
        CertificateFolder.Trusted => "trusted",
        CertificateFolder.Issuers => "issuers",
        _ => "rejected",
    };

    private static ParsedCertificate ParseOrThrow(ReadOnlySpan<byte> der) =>
        ParsedCertificate.TryParse(der.ToArray(), out var certificate)
            ? certificate
            : throw new ArgumentException("These bytes are no certificate.", nameof(der));

    internal static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder)
        .Where(static f => !f.EndsWith(".new", StringComparison.Ordinal))
        .Take(MostFiles).Order(StringComparer.Ordinal);

    internal static List<ParsedCertificate> ReadCertificates(string path, List<string> problems)
    {
        var found = new List<ParsedCertificate>();
        try
        {
            foreach (var der in PkiFiles.Read(path, "CERTIFICATE"))
            {
                if (ParsedCertificate.TryParse(der, out var certificate)) found.Add(certificate);
            }

            if (found.Count == 0) problems.Add($"{path} holds no certificate");
        }
        catch (Exception failed) when (PkiFiles.IsFileProblem(failed))
        {
            problems.Add($"{path} cannot be read: {failed.Message}");
        }

        return found;
    }

    private string ListsOf(CertificateFolder folder) => System.IO.Path.Combine(Path, NameOf(folder), "crl");

    private string ReasonFile(string thumbprint) => System.IO.Path.Combine(ReasonFolder, thumbprint + ".txt");

    private string? ReasonOf(string thumbprint)
    {
        var path = ReasonFile(thumbprint);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private string Save(CertificateFolder folder, ParsedCertificate certificate)
    {
        var name = PkiFiles.NameOf(certificate.DisplayName, certificate.Thumbprint) + ".der";
        var path = System.IO.Path.Combine(FolderOf(folder), name);
        PkiFiles.Write(path, certificate.Der);
        return path;
    }

    private void SaveRejected(ParsedCertificate certificate, string reason)
    {
        lock (gate)
        {
            PkiFiles.Write(ReasonFile(certificate.Thumbprint), System.Text.Encoding.UTF8.GetBytes(reason + "\n"));
            Save(CertificateFolder.Rejected, certificate);
            Trim(FolderOf(CertificateFolder.Rejected));
            Trim(ReasonFolder);
        }
    }

    private static void Trim(string folder)
    {
        var files = new DirectoryInfo(folder).GetFiles();
        if (files.Length <= MostRejected) return;
        foreach (var old in files.OrderByDescending(static f => f.LastWriteTimeUtc).Skip(MostRejected)) old.Delete();
    }

    private void Remove(CertificateFolder folder, ParsedCertificate certificate)
    {
        foreach (var path in FilesOf(FolderOf(folder)))
        {
            if (ReadCertificates(path, []) is [var only] && only.Id == certificate.Id) File.Delete(path);
        }
    }

    private void Forget()
    {
        lock (gate)
        {
            stamp = "changed by ourselves";
            checkedAt = time.GetTimestamp() - (long)(CheckEvery.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>Changes when a file comes, goes or is written.</summary>
    private string Stamp()
    {
        var hash = new HashCode();
        var count = 0;
        foreach (var folder in (CertificateFolder[])[CertificateFolder.Trusted, CertificateFolder.Issuers])
        {
            foreach (var path in FilesOf(FolderOf(folder)).Concat(FilesOf(ListsOf(folder))))
            {
                var file = new FileInfo(path);
                hash.Add(path);
                hash.Add(file.Length);
                hash.Add(file.LastWriteTimeUtc);
                count++;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count} {hash.ToHashCode()}");
    }

    private TrustSnapshot Load(int version)
    {
        var loaded = new TrustSnapshot { Version = version };
        foreach (var path in FilesOf(FolderOf(CertificateFolder.Trusted)))
        {
            foreach (var certificate in ReadCertificates(path, loaded.Problems)) loaded.AddTrusted(certificate);
        }

        foreach (var path in FilesOf(FolderOf(CertificateFolder.Issuers)))
        {
            foreach (var certificate in ReadCertificates(path, loaded.Problems)) loaded.AddIssuer(certificate);
        }

        LoadLists(loaded, ListsOf(CertificateFolder.Trusted));
        LoadLists(loaded, ListsOf(CertificateFolder.Issuers));
        return loaded;
    }

    private static void LoadLists(TrustSnapshot loaded, string folder)
    {
        foreach (var path in FilesOf(folder))
        {
            try
            {
                foreach (var der in PkiFiles.Read(path, "X509 CRL"))
                {
                    if (RevocationList.TryParse(der, out var list)) loaded.Add(list);
                    else loaded.Problems.Add($"{path} holds a damaged revocation list");
                }
            }
            catch (Exception failed) when (PkiFiles.IsFileProblem(failed))
            {
                loaded.Problems.Add($"{path} cannot be read: {failed.Message}");
            }
        }
    }
}
