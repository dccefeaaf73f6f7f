using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The answer in place of one that the client would not take.</summary>
internal static class ServiceFaults
{
    // A response begins with the four-byte id of its encoding, 01 00 xx xx, and its header: DateTime, request handle.
    private const int HandleAt = 4 + 8;

    public static void WriteTooLarge(MessageBuffer fault, ReadOnlySpan<byte> response, DateTime now)
    {
        var handle = response.Length >= HandleAt + 4 && response[0] == 1
            ? BinaryPrimitives.ReadUInt32LittleEndian(response[HandleAt..]) : 0;
        MessageBody.Write(fault, new ServiceFault
        {
            ResponseHeader = new ResponseHeader
            {
                Timestamp = now,
                RequestHandle = handle,
                ServiceResult = StatusCodes.BadResponseTooLarge,
            },
        });
    }
}
