namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>A structure of the binary schema; its fields include the inherited ones, which come first.</summary>
internal sealed record SchemaStructure(string Name, string? BaseName, IReadOnlyList<SchemaField> Fields);
