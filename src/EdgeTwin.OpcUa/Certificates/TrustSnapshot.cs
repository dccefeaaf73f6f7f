namespace EdgeTwin.OpcUa.Certificates;

/// <summary>What the folders held when they were read last.</summary>
internal sealed class TrustSnapshot
{
    private readonly HashSet<string> trusted = [];
    private readonly Dictionary<string, List<ParsedCertificate>> bySubject = [];
    private readonly Dictionary<string, List<RevocationList>> listsByIssuer = [];

    /// <summary>Counts the readings; whoever keeps a conclusion keeps this number with it.</summary>
    public required int Version { get; init; }

    /// <summary>Files that were passed over, with the reason.</summary>
    public List<string> Problems { get; } = [];

    public int TrustedCount => trusted.Count;

    public bool IsTrusted(ParsedCertificate certificate) => trusted.Contains(certificate.Id);

    public void AddTrusted(ParsedCertificate certificate)
    {
        if (trusted.Add(certificate.Id)) AddIssuer(certificate);
    }

    public void AddIssuer(ParsedCertificate certificate) =>
        ListOf(bySubject, certificate.Subject).Add(certificate);

    public void Add(RevocationList list) => ListOf(listsByIssuer, list.Issuer).Add(list);

    /// <summary>Certificates with a name.</summary>
    public IReadOnlyList<ParsedCertificate> WithSubject(string subject) =>
        bySubject.TryGetValue(subject, out var found) ? found : [];

    /// <summary>Revocation lists of an issuer's name.</summary>
    public IReadOnlyList<RevocationList> ListsOf(string issuer) =>
        listsByIssuer.TryGetValue(issuer, out var found) ? found : [];

    private static List<T> ListOf<T>(Dictionary<string, List<T>> table, string key)
    {
        if (!table.TryGetValue(key, out var list)) table.Add(key, list = []);
        return list;
    }
}
