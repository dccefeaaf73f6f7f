using System.Buffers.Binary;

namespace EdgeTwin.Modbus;

/// <summary>Reads the fields of a protocol data unit in their order; all numbers are big-endian (V1.1b3
/// §4.2).</summary>
internal ref struct PduReader(ReadOnlySpan<byte> pdu)
{
    private ReadOnlySpan<byte> rest = pdu;

    public readonly int Remaining => rest.Length;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public ReadOnlySpan<byte> ReadRest() => Take(rest.Length);

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > rest.Length)
            throw new ModbusException(ModbusError.MalformedAnswer,
                $"the message ends {bytes - rest.Length} bytes too early");
        var taken = rest[..bytes];
        rest = rest[bytes..];
        return taken;
    }
}
