using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>Arrays as the bytes of a metric (§6.4.17): little-endian, one after the other.</summary>
public static class SparkplugArray
{
    private const int BooleanCountBytes = 4;

    /// <summary>The integer, float and DateTime (as milliseconds in <c>long</c>) arrays.</summary>
    public static byte[] Pack<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian) Reverse<T>(bytes);
        return bytes;
    }

    /// <summary>The reverse of <see cref="Pack{T}"/>.</summary>
    /// <exception cref="MqttException">Malformed: the length is no multiple of a value's.</exception>
    public static T[] Unpack<T>(ReadOnlySpan<byte> packed)
        where T : unmanaged, INumber<T>
    {
        var size = Marshal.SizeOf<T>();
        if (packed.Length % size != 0)
            throw ProtobufReader.Malformed($"an array of {packed.Length} bytes for values of {size} bytes");
        var bytes = packed.ToArray();
        if (!BitConverter.IsLittleEndian) Reverse<T>(bytes);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    /// <summary>A BooleanArray.</summary>
    public static byte[] PackBooleans(ReadOnlySpan<bool> values)
    {
        var bytes = new byte[BooleanCountBytes + (values.Length + 7) / 8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, values.Length);
        for (var i = 0; i < values.Length; i++)
            if (values[i]) bytes[BooleanCountBytes + i / 8] |= (byte)(0x80 >> i % 8);
        return bytes;
    }

    /// <summary>The reverse of <see cref="PackBooleans"/>.</summary>
    /// <exception cref="MqttException">Malformed: the number and the bytes do not fit each other.</exception>
    public static bool[] UnpackBooleans(ReadOnlySpan<byte> packed)
    {
        var count = packed.Length >= BooleanCountBytes ? BinaryPrimitives.ReadUInt32LittleEndian(packed) : 0;
        if (packed.Length < BooleanCountBytes || packed.Length - BooleanCountBytes != (count + 7L) / 8)
            throw ProtobufReader.Malformed($"an array of {count} Booleans in {packed.Length} bytes");
        var values = new bool[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (packed[BooleanCountBytes + i / 8] & 0x80 >> i % 8) != 0;
        return values;
    }

    /// <summary>A StringArray.</summary>
    /// <exception cref="ArgumentException">A text contains U+0000, which ends a text here.</exception>
    public static byte[] PackStrings(IReadOnlyList<string> values)
    {
        if (values.FirstOrDefault(value => value.Contains('\0', StringComparison.Ordinal)) is { } bad)
            throw new ArgumentException($"'{bad}' contains U+0000, which ends a text", nameof(values));
        return Encoding.UTF8.GetBytes(string.Concat(values.Select(value => value + '\0')));
    }

    /// <summary>The reverse of <see cref="PackStrings"/>.</summary>
    /// <exception cref="MqttException">Malformed: not UTF-8, or the last text does not end.</exception>
    public static string[] UnpackStrings(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty) return [];
        if (packed[^1] != 0) throw ProtobufReader.Malformed("an array of texts whose last one does not end");
        if (!System.Text.Unicode.Utf8.IsValid(packed)) throw ProtobufReader.Malformed("text that is not valid UTF-8");
        return Encoding.UTF8.GetString(packed[..^1]).Split('\0');
    }

    private static void Reverse<T>(Span<byte> bytes)
        where T : unmanaged
    {
        for (var size = Marshal.SizeOf<T>(); !bytes.IsEmpty; bytes = bytes[size..]) bytes[..size].Reverse();
    }
}
