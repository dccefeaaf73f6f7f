using System.Buffers.Binary;
using System.Numerics;

namespace EdgeTwin.Journal;

/// <summary>CRC-32C (Castagnoli), as in RFC 3720 §12.1; one instruction per eight bytes where the processor has
/// it.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>Whether the last four bytes are the checksum of those before them.</summary>
    public static bool Holds(ReadOnlySpan<byte> sealedBytes) =>
        sealedBytes.Length >= 4
        && Of(sealedBytes[..^4]) == BinaryPrimitives.ReadUInt32LittleEndian(sealedBytes[^4..]);
}
