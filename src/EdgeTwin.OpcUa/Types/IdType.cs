namespace EdgeTwin.OpcUa.Types;

/// <summary>What kind of identifier a node id has (OPC 10000-3 §8.2.3).</summary>
public enum IdType : byte
{
    Numeric = 0,
    String = 1,
    Guid = 2,
    Opaque = 3,
}
