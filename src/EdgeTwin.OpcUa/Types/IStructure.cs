using EdgeTwin.OpcUa.Encoding;

namespace EdgeTwin.OpcUa.Types;

/// <summary>A value of a Structure data type, which travels in an <see cref="ExtensionObject"/> or as a
/// message.</summary>
public interface IStructure
{
    /// <summary>Number of the type's DefaultBinary encoding in namespace 0; 0 for a type of another
    /// namespace.</summary>
    uint BinaryEncodingId { get; }

    /// <summary>Writes the fields in their order (OPC 10000-6 §5.2.6).</summary>
    void Encode(ref UaWriter writer);
}

/// <summary>A structure that can be read back.</summary>
/// <typeparam name="TSelf">The structure itself.</typeparam>
public interface IStructure<TSelf> : IStructure
    where TSelf : IStructure<TSelf>
{
    /// <summary>Reads the fields in their order.</summary>
    /// <exception cref="OpcUaException">The bytes are no such structure, or pass a limit.</exception>
    static abstract TSelf Decode(ref UaReader reader);
}
