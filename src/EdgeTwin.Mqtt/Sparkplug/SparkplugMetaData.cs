namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>What a metric says about its content: a file's name, a part of several (§6.4.9).</summary>
public sealed record SparkplugMetaData
{
    /// <summary>The value is a part of a message in several.</summary>
    public bool? IsMultiPart { get; init; }

    /// <summary>Kind of content, such as a MIME type.</summary>
    public string? ContentType { get; init; }

    /// <summary>Size in bytes.</summary>
    public ulong? Size { get; init; }

    /// <summary>Which part.</summary>
    public ulong? Sequence { get; init; }

    /// <summary>Name of the file.</summary>
    public string? FileName { get; init; }

    /// <summary>Kind of file.</summary>
    public string? FileType { get; init; }

    /// <summary>MD5 of the content, as text.</summary>
    public string? Md5 { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
