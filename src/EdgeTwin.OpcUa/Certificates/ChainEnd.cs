namespace EdgeTwin.OpcUa.Certificates;

/// <summary>How the building of a chain ended.</summary>
internal enum ChainEnd
{
    /// <summary>At an authority that issued itself, or at a leaf that did.</summary>
    Complete,

    /// <summary>The next issuer is neither sent nor in the folders.</summary>
    IssuerMissing,

    /// <summary>The next issuer is known by name, but did not sign.</summary>
    BadSignature,

    /// <summary>Certificates issue each other.</summary>
    Loop,

    /// <summary>Longer than is allowed.</summary>
    TooLong,
}
