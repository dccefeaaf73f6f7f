namespace EdgeTwin.OpcUa.Types;

/// <summary>Vendor detail of an error; the numbers index the string table of the response (OPC 10000-4
/// §7.12).</summary>
public sealed record DiagnosticInfo
{
    /// <summary>Index of the symbolic name of the error.</summary>
    public int? SymbolicId { get; init; }

    /// <summary>Index of the namespace of that name.</summary>
    public int? NamespaceUri { get; init; }

    /// <summary>Index of the locale of the text.</summary>
    public int? Locale { get; init; }

    /// <summary>Index of the text for people.</summary>
    public int? LocalizedText { get; init; }

    /// <summary>Detail that only the vendor understands.</summary>
    public string? AdditionalInfo { get; init; }

    /// <summary>The code of an operation below.</summary>
    public StatusCode? InnerStatusCode { get; init; }

    /// <summary>The detail of that code.</summary>
    public DiagnosticInfo? InnerDiagnosticInfo { get; init; }
}
