namespace EdgeTwin.OpcUa.Certificates;

/// <summary>What a plant may relax, and the limits of what is looked at.</summary>
public sealed record CertificateValidatorOptions
{
    /// <summary>Whether every authority must have a revocation list that has not run out. Without, missing lists are
    /// passed over; what a list revokes is refused all the same.</summary>
    public bool RequireRevocationLists { get; init; } = true;

    /// <summary>Shortest RSA key in bits.</summary>
    public int MinRsaKeyBits { get; init; } = 2048;

    /// <summary>Longest RSA key in bits; longer ones cost too much to verify.</summary>
    public int MaxRsaKeyBits { get; init; } = 4096;

    /// <summary>Whether peers that are not trusted are accepted. For tools that only look, and for tests: everyone who
    /// reaches the port is let in.</summary>
    public bool AcceptUntrusted { get; init; }

    /// <summary>Most certificates of a chain, with the leaf and the authority at its top.</summary>
    public int MaxChainLength { get; init; } = 8;

    /// <summary>Most bytes of a chain as sent.</summary>
    public int MaxChainBytes { get; init; } = 32 * 1024;

    /// <summary>How long a verdict is used again for the same bytes while the folders do not change.</summary>
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromMinutes(1);
}
