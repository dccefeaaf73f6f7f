namespace EdgeTwin.Upstream;

/// <summary>How a message is packed.</summary>
internal enum Compression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As RFC 1952 has it: fast, and known to everything.</summary>
    Gzip,

    /// <summary>As RFC 7932 has it: smaller.</summary>
    Brotli,
}
