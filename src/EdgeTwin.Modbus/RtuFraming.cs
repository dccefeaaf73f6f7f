using System.Buffers.Binary;

namespace EdgeTwin.Modbus;

/// <summary>
/// Messages on a serial line (Modbus over Serial Line V1.02 §2.5.1), the check low byte first:
/// <code>
///   | unit | protocol data unit … | CRC low | CRC high |
/// </code>
/// </summary>
internal static class RtuFraming
{
    public const int ShortestMessage = 4;
    public const int LongestMessage = 256;

    /// <summary>Writes a message and returns its length.</summary>
    public static int Write(byte unit, ReadOnlySpan<byte> pdu, Span<byte> into)
    {
        into[0] = unit;
        pdu.CopyTo(into[1..]);
        var length = 1 + pdu.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(into[length..], Crc16.Of(into[..length]));
        return length + 2;
    }

    /// <summary>Whether the bytes are one whole message with the right check.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out byte unit, out ReadOnlySpan<byte> pdu)
    {
        unit = 0;
        pdu = default;
        if (message.Length is < ShortestMessage or > LongestMessage) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(message[^2..]) != Crc16.Of(message[..^2])) return false;
        unit = message[0];
        pdu = message[1..^2];
        return true;
    }

    /// <summary>
    /// Length that the answer to a request has, so that a client need not wait for the silence after it: an exception
    /// has 5 bytes, an echo 8 (function 22: 10), data what was asked for. 0 while the function code has not come yet.
    /// </summary>
    public static int AnswerLength(in ModbusRequest request, ReadOnlySpan<byte> received) =>
        received.Length < 2 ? 0
        : (received[1] & 0x80) != 0 ? 5
        : request.AnswerBytes > 0 ? 5 + request.AnswerBytes
        : request.Function == ModbusFunction.MaskWriteRegister ? 10 : 8;
}
