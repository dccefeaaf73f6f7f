using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>A service message: the id of its encoding, then its fields (OPC 10000-6 §5.2.9).</summary>
public static class MessageBody
{
    /// <summary>Writes a message behind what the buffer holds.</summary>
    public static void Write<T>(MessageBuffer buffer, T message)
        where T : IStructure
    {
        var writer = new UaWriter(buffer);
        writer.WriteNodeId(new NodeId(0, message.BinaryEncodingId));
        message.Encode(ref writer);
    }

    /// <summary>Reads the id of the encoding.</summary>
    /// <returns>The number in namespace 0; 0 for any other id.</returns>
    /// <exception cref="OpcUaException">The bytes are no id.</exception>
    public static uint ReadTypeId(ref UaReader reader)
    {
        var id = reader.ReadNodeId();
        return id.NamespaceIndex == 0 && id.IdType == IdType.Numeric ? id.Number : 0;
    }

    /// <summary>Reads a message that can only be of one type.</summary>
    /// <exception cref="OpcUaException">It is another one, or malformed.</exception>
    public static T Read<T>(ReadOnlySpan<byte> message, uint encodingId, EncodingLimits limits)
        where T : IStructure<T>
    {
        var reader = new UaReader(message, limits);
        var id = ReadTypeId(ref reader);
        return id == encodingId
            ? T.Decode(ref reader)
            : throw new OpcUaException(StatusCodes.BadDecodingError, $"a message of type i={id}, not i={encodingId}");
    }
}
