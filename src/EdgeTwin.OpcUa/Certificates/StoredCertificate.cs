namespace EdgeTwin.OpcUa.Certificates;

/// <summary>A certificate in one of the folders, as people see it.</summary>
public sealed record StoredCertificate
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>DER of the certificate.</summary>
    public required byte[] Der { get; init; }

    /// <summary>Common name, or what comes nearest.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-1 of the DER, hexadecimal.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>Valid from, UTC.</summary>
    public required DateTime NotBefore { get; init; }

    /// <summary>Valid to, UTC.</summary>
    public required DateTime NotAfter { get; init; }

    /// <summary>Application URI; null when it names none.</summary>
    public required string? ApplicationUri { get; init; }

    /// <summary>Whether it may issue other certificates.</summary>
    public required bool IsAuthority { get; init; }

    /// <summary>Why it was refused; only in the folder <c>rejected</c>, null when that is not known.</summary>
    public string? Reason { get; init; }

    internal static StoredCertificate Of(string path, ParsedCertificate certificate, string? reason = null) => new()
    {
        Path = path,
        Der = certificate.Der,
        Name = certificate.DisplayName,
        Thumbprint = certificate.Thumbprint,
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        ApplicationUri = certificate.Extensions.Uris.FirstOrDefault(),
        IsAuthority = certificate.Extensions.IsAuthority,
        Reason = reason,
    };
}
