using System.Buffers.Binary;

namespace EdgeTwin.Modbus;

/// <summary>
/// The header that frames a message on TCP (Modbus Messaging on TCP/IP V1.0b §3.1.3):
/// <code>
///   | transaction id | protocol id = 0 | length of the rest | unit id | protocol data unit … |
///     2 bytes          2                 2                    1
/// </code>
/// </summary>
/// <param name="Transaction">Chosen by the client, echoed by the server.</param>
/// <param name="Unit">Device behind a gateway; devices of their own mostly ignore it.</param>
/// <param name="PduBytes">Length of the protocol data unit.</param>
internal readonly record struct MbapHeader(ushort Transaction, byte Unit, int PduBytes)
{
    /// <summary>Bytes before the protocol data unit.</summary>
    public const int Bytes = 7;

    /// <summary>Longest message on TCP (§4.1 of the application protocol).</summary>
    public const int LongestMessage = Bytes + ModbusLimits.PduBytes;

    public int MessageBytes => Bytes + PduBytes;

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, Transaction);
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(into[4..], (ushort)(PduBytes + 1));
        into[6] = Unit;
    }

    /// <summary>Reads the header at the start of the bytes; false when more are needed for header and
    /// message.</summary>
    /// <exception cref="ModbusException">These bytes cannot begin a message; where the next one begins is not
    /// known.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MbapHeader header)
    {
        header = default;
        if (bytes.Length < 6) return false; // what can be checked is checked as soon as it is there
        var protocol = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (protocol != 0) throw new ModbusException(ModbusError.FramingLost,
            $"protocol id {protocol} is not Modbus (0)");
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length is < 2 or > ModbusLimits.PduBytes + 1)
            throw new ModbusException(ModbusError.FramingLost,
                $"length {length} is outside 2-{ModbusLimits.PduBytes + 1}");
        if (bytes.Length < 6 + length) return false;
        header = new MbapHeader(BinaryPrimitives.ReadUInt16BigEndian(bytes), bytes[6], length - 1);
        return true;
    }
}
