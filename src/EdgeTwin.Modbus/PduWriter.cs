using System.Buffers.Binary;

namespace EdgeTwin.Modbus;

/// <summary>Writes the fields of a protocol data unit in their order; all numbers are big-endian (V1.1b3
/// §4.2).</summary>
internal ref struct PduWriter(Span<byte> into)
{
    private readonly Span<byte> buffer = into;

    public int Length { get; private set; }

    public void Write(byte value) => buffer[Length++] = value;

    public void Write(ModbusFunction function) => Write((byte)function);

    public void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Length..], value);
        Length += 2;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer[Length..]);
        Length += bytes.Length;
    }

    /// <summary>The next bytes, for the caller to fill.</summary>
    public Span<byte> Reserve(int bytes)
    {
        var reserved = buffer.Slice(Length, bytes);
        Length += bytes;
        return reserved;
    }
}
