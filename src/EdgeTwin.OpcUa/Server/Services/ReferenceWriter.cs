using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Writes what Browse says of references (OPC 10000-4 §7.29, ReferenceDescription), without objects
/// between.</summary>
internal static class ReferenceWriter
{
    private const uint ReferenceType = 1;
    private const uint IsForward = 2;
    private const uint NodeClassBit = 4;
    private const uint BrowseName = 8;
    private const uint DisplayName = 16;
    private const uint TypeDefinition = 32;

    /// <summary>Bytes that one reference takes at most, unless its names are absurd.</summary>
    public const int MostBytes = 16 * 1024;

    public static void Write(in UaWriter writer, in Reference reference, uint resultMask)
    {
        var node = reference.Target;
        writer.WriteNodeId((resultMask & ReferenceType) != 0 ? reference.Type.Id : NodeId.Null);
        writer.WriteBoolean((resultMask & IsForward) != 0 && !reference.IsInverse);
        // A local expanded node id is a node id.
        writer.WriteNodeId(node.Id);
        writer.WriteQualifiedName((resultMask & BrowseName) != 0 ? node.BrowseName : default);
        writer.WriteLocalizedText((resultMask & DisplayName) != 0 ? node.DisplayName : default);
        writer.WriteInt32((resultMask & NodeClassBit) != 0 ? (int)node.NodeClass : 0);
        writer.WriteNodeId((resultMask & TypeDefinition) != 0 && node is ObjectNode or VariableNode
            ? node.TypeDefinition?.Id ?? NodeId.Null
            : NodeId.Null);
    }
}
