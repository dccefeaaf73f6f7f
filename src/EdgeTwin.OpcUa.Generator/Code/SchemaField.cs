namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>A field of a structure in the binary schema, without its prefix: <c>ReadValueId</c>,
/// <c>Int32</c>.</summary>
internal sealed record SchemaField(string Name, string Type, bool IsArray);
