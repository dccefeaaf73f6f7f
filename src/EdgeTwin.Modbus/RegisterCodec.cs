using System.Buffers.Binary;
using System.Text;

namespace EdgeTwin.Modbus;

/// <summary>
/// Values in registers, as bytes on the wire. Pure, and without allocation but for strings. Signed numbers are the
/// two's complement of the same width, so callers cast.
/// </summary>
public static class RegisterCodec
{
    /// <summary>Reads a value of one register.</summary>
    public static ushort ReadUInt16(ReadOnlySpan<byte> registers, RegisterOrder order) => order.LowByteFirst
        ? BinaryPrimitives.ReadUInt16LittleEndian(registers)
        : BinaryPrimitives.ReadUInt16BigEndian(registers);

    /// <summary>Reads a value of two registers.</summary>
    public static uint ReadUInt32(ReadOnlySpan<byte> registers, RegisterOrder order)
    {
        uint first = ReadUInt16(registers, order), second = ReadUInt16(registers[2..], order);
        return order.LowWordFirst ? (second << 16) | first : (first << 16) | second;
    }

    /// <summary>Reads a value of four registers.</summary>
    public static ulong ReadUInt64(ReadOnlySpan<byte> registers, RegisterOrder order)
    {
        ulong first = ReadUInt32(registers, order), second = ReadUInt32(registers[4..], order);
        return order.LowWordFirst ? (second << 32) | first : (first << 32) | second;
    }

    /// <summary>Reads an IEEE 754 number of two registers, bit for bit.</summary>
    public static float ReadSingle(ReadOnlySpan<byte> registers, RegisterOrder order) =>
        BitConverter.UInt32BitsToSingle(ReadUInt32(registers, order));

    /// <summary>Reads an IEEE 754 number of four registers, bit for bit.</summary>
    public static double ReadDouble(ReadOnlySpan<byte> registers, RegisterOrder order) =>
        BitConverter.UInt64BitsToDouble(ReadUInt64(registers, order));

    /// <summary>Writes a value of one register.</summary>
    public static void WriteUInt16(Span<byte> registers, ushort value, RegisterOrder order)
    {
        if (order.LowByteFirst) BinaryPrimitives.WriteUInt16LittleEndian(registers, value);
        else BinaryPrimitives.WriteUInt16BigEndian(registers, value);
    }

    /// <summary>Writes a value of two registers.</summary>
    public static void WriteUInt32(Span<byte> registers, uint value, RegisterOrder order)
    {
        ushort high = (ushort)(value >> 16), low = (ushort)value;
        WriteUInt16(registers, order.LowWordFirst ? low : high, order);
        WriteUInt16(registers[2..], order.LowWordFirst ? high : low, order);
    }

    /// <summary>Writes a value of four registers.</summary>
    public static void WriteUInt64(Span<byte> registers, ulong value, RegisterOrder order)
    {
        uint high = (uint)(value >> 32), low = (uint)value;
        WriteUInt32(registers, order.LowWordFirst ? low : high, order);
        WriteUInt32(registers[4..], order.LowWordFirst ? high : low, order);
    }

    /// <summary>Writes an IEEE 754 number of two registers, bit for bit.</summary>
    public static void WriteSingle(Span<byte> registers, float value, RegisterOrder order) =>
        WriteUInt32(registers, BitConverter.SingleToUInt32Bits(value), order);

    /// <summary>Writes an IEEE 754 number of four registers, bit for bit.</summary>
    public static void WriteDouble(Span<byte> registers, double value, RegisterOrder order) =>
        WriteUInt64(registers, BitConverter.DoubleToUInt64Bits(value), order);

    /// <summary>Reads a bit of one register; bit 0 is the least significant.</summary>
    public static bool ReadBit(ReadOnlySpan<byte> registers, int bit, RegisterOrder order) =>
        (ReadUInt16(registers, order) >> bit & 1) != 0;

    /// <summary>Reads a coil or discrete input out of an answer: eight to a byte, the lowest address in bit 0 (V1.1b3
    /// §6.1).</summary>
    public static bool ReadPackedBit(ReadOnlySpan<byte> packed, int index) =>
        (packed[index >> 3] >> (index & 7) & 1) != 0;

    /// <summary>Sets a coil in the packing of function 15.</summary>
    public static void WritePackedBit(Span<byte> packed, int index, bool on)
    {
        var mask = (byte)(1 << (index & 7));
        packed[index >> 3] = (byte)(on ? packed[index >> 3] | mask : packed[index >> 3] & ~mask);
    }

    /// <summary>
    /// Reads a string of one byte a character (Latin-1), two to a register. It ends at the first NUL; the spaces that
    /// many devices pad with are cut off. The order of words does not touch it.
    /// </summary>
    public static string ReadString(ReadOnlySpan<byte> registers, int length, RegisterOrder order)
    {
        Span<byte> characters = stackalloc byte[registers.Length];
        registers.CopyTo(characters);
        if (order.LowByteFirst) SwapPairs(characters);
        characters = characters[..length];
        var end = characters.IndexOf((byte)0);
        if (end >= 0) characters = characters[..end];
        return Encoding.Latin1.GetString(characters.TrimEnd((byte)' '));
    }

    /// <summary>Writes a string of one byte a character and fills the rest with NUL; false when it does not
    /// fit.</summary>
    public static bool TryWriteString(Span<byte> registers, string text, int length, RegisterOrder order)
    {
        if (text.Length > length || text.AsSpan().ContainsAnyExceptInRange('\u0001', '\u00FF')) return false;
        registers.Clear();
        Encoding.Latin1.GetBytes(text, registers);
        if (order.LowByteFirst) SwapPairs(registers);
        return true;
    }

    private static void SwapPairs(Span<byte> registers)
    {
        for (var i = 0; i + 1 < registers.Length; i += 2)
            (registers[i], registers[i + 1]) = (registers[i + 1], registers[i]);
    }
}
