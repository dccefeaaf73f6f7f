using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>The head of every response: type id, then ResponseHeader (OPC 10000-4 §7.33), written without
/// objects.</summary>
/// <remarks>
/// <code>
///  0  01 00 id id              node id of the encoding, four-byte form
///  4  timestamp        8
/// 12  requestHandle    4
/// 16  serviceResult    4
/// 20  00                       no service diagnostics
/// 21  00 00 00 00              empty string table
/// 25  00 00 00                 no additional header
/// </code>
/// </remarks>
internal static class ResponseHead
{
    /// <summary>Bytes of the head as it is written here.</summary>
    public const int Length = 28;

    private const int TimestampAt = 4;
    private const int RequestHandleAt = 12;

    /// <summary>Starts a response.</summary>
    public static void Write(
        in UaWriter writer, uint encodingId, uint requestHandle, DateTime utcNow, StatusCode result = default)
    {
        WriteTypeId(writer, encodingId);
        writer.WriteDateTime(utcNow);
        writer.WriteUInt32(requestHandle);
        writer.WriteStatusCode(result);
        writer.WriteByte(0);
        writer.WriteInt32(0);
        writer.WriteUInt16(0);
        writer.WriteByte(0);
    }

    /// <summary>A whole response that is only a head: the service failed.</summary>
    public static void WriteFault(MessageBuffer buffer, uint requestHandle, DateTime utcNow, StatusCode result) =>
        Write(new UaWriter(buffer), ServiceFault.EncodingId, requestHandle, utcNow, result);

    /// <summary>A whole response from its structure; handle and clock are put in here, whatever its header
    /// says.</summary>
    public static void WriteResponse(MessageBuffer buffer, IServiceResponse response, uint requestHandle,
        DateTime utcNow)
    {
        var start = buffer.Length;
        var writer = new UaWriter(buffer);
        WriteTypeId(writer, response.BinaryEncodingId);
        response.Encode(ref writer);
        var head = buffer.WrittenForChange[start..];
        BitConverter.TryWriteBytes(head[TimestampAt..], WireTime.ToWire(utcNow));
        BitConverter.TryWriteBytes(head[RequestHandleAt..], requestHandle);
    }

    // The four-byte form: two-byte ids end at 255, and every message of namespace 0 has a number below 65,536.
    private static void WriteTypeId(in UaWriter writer, uint encodingId)
    {
        writer.WriteUInt16(1);
        writer.WriteUInt16((ushort)encodingId);
    }
}
