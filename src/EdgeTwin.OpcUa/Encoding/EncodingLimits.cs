namespace EdgeTwin.OpcUa.Encoding;

/// <summary>What a decoder accepts. Lengths are held against the bytes that are left as well, before anything is
/// allocated.</summary>
public sealed record EncodingLimits
{
    /// <summary>Used where nothing else is said.</summary>
    public static EncodingLimits Default { get; } = new();

    /// <summary>Most elements of an array, 1 and up; default 1,000,000.</summary>
    public int MaxArrayLength { get; init; } = 1_000_000;

    /// <summary>Most bytes of a String, 1 and up; default 4 MiB.</summary>
    public int MaxStringLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most bytes of a ByteString, 1 and up; default 16 MiB.</summary>
    public int MaxByteStringLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Deepest nesting of variants, data values, diagnostic infos and structures (OPC 10000-6 §5.1.5:
    /// 100).</summary>
    public int MaxDepth { get; init; } = 100;
}
