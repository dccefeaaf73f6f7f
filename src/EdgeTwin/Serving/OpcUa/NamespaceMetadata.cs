using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>
/// What a server says of a namespace (OPC 10000-5 §6.3.13, NamespaceMetadataType). The twin's is of this one machine
/// and follows its configuration: it has no version, is here as a whole, and promises no node id to other servers.
/// </summary>
internal static class NamespaceMetadata
{
    public static IEnumerable<(string Name, NodeId DataType, Variant Value, bool IsArray)> Of(string uri) =>
    [
        ("NamespaceUri", NodeIds.String, uri, false),
        ("NamespaceVersion", NodeIds.String, "", false),
        ("NamespacePublicationDate", NodeIds.DateTime, DateTime.MinValue, false),
        ("IsNamespaceSubset", NodeIds.Boolean, false, false),
        ("StaticNodeIdTypes", NodeIds.IdType, Variant.Of(Array.Empty<int>()), true),
        ("StaticNumericNodeIdRange", NodeIds.NumericRange, Variant.Of(Array.Empty<string>()), true),
        ("StaticStringNodeIdPattern", NodeIds.String, "", false),
    ];
}
