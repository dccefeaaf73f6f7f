namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>The built-in types as the schema names them, with their C# types (OPC 10000-6 §5.1.2).</summary>
internal static class BuiltIns
{
    private static readonly Dictionary<string, (string Method, string Type)> Types = new()
    {
        ["Boolean"] = ("Boolean", "bool"),
        ["SByte"] = ("SByte", "sbyte"),
        ["Byte"] = ("Byte", "byte"),
        ["Int16"] = ("Int16", "short"),
        ["UInt16"] = ("UInt16", "ushort"),
        ["Int32"] = ("Int32", "int"),
        ["UInt32"] = ("UInt32", "uint"),
        ["Int64"] = ("Int64", "long"),
        ["UInt64"] = ("UInt64", "ulong"),
        ["Float"] = ("Float", "float"),
        ["Double"] = ("Double", "double"),
        ["String"] = ("String", "string?"),
        ["CharArray"] = ("String", "string?"),
        ["DateTime"] = ("DateTime", "DateTime"),
        ["Guid"] = ("Guid", "Guid"),
        ["ByteString"] = ("ByteString", "byte[]?"),
        ["XmlElement"] = ("XmlElement", "XmlElement?"),
        ["NodeId"] = ("NodeId", "NodeId"),
        ["ExpandedNodeId"] = ("ExpandedNodeId", "ExpandedNodeId"),
        ["StatusCode"] = ("StatusCode", "StatusCode"),
        ["QualifiedName"] = ("QualifiedName", "QualifiedName"),
        ["LocalizedText"] = ("LocalizedText", "LocalizedText"),
        ["ExtensionObject"] = ("ExtensionObject", "ExtensionObject?"),
        ["DataValue"] = ("DataValue", "DataValue"),
        ["Variant"] = ("Variant", "Variant"),
        ["DiagnosticInfo"] = ("DiagnosticInfo", "DiagnosticInfo?"),
    };

    public static bool Contains(string type) => Types.ContainsKey(type);

    /// <summary>The part of <c>ReadX</c> and <c>WriteX</c>.</summary>
    public static string Method(string type) => Types[type].Method;

    public static string CSharp(string type) => Types[type].Type;
}
