namespace EdgeTwin.OpcUa.Certificates;

/// <summary>The folders of a pki folder.</summary>
public enum CertificateFolder
{
    /// <summary>Certificates of this application, with their private keys.</summary>
    Own,

    /// <summary>Applications and authorities that are trusted.</summary>
    Trusted,

    /// <summary>Authorities that complete chains, but are not trusted by themselves.</summary>
    Issuers,

    /// <summary>What peers showed and was refused.</summary>
    Rejected,
}
