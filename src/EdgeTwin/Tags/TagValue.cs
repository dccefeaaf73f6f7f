using System.Globalization;

namespace EdgeTwin.Tags;

/// <summary>
/// One value with its data type, kept bit for bit: an Int64 counter stays exact, a NaN keeps its payload, −0.0 its
/// sign. Numbers live in 64 bits (integers sign- or zero-extended, Float32 as its 32-bit pattern), strings in a
/// reference.
/// </summary>
internal readonly struct TagValue : IEquatable<TagValue>
{
    private readonly string? text;

    private TagValue(TagDataType type, long bits, string? text = null)
    {
        Type = type;
        Bits = bits;
        this.text = text;
    }

    /// <summary>The value of a sample that has none.</summary>
    public static TagValue None => default;

    public TagDataType Type { get; }

    /// <summary>The bit pattern; 0 for strings and for <see cref="None"/>.</summary>
    public long Bits { get; }

    /// <summary>The text of a <see cref="TagDataType.String"/>; null for every other type.</summary>
    public string? Text => text;

    public bool IsNone => Type == TagDataType.None;

    public static TagValue From(bool value) => new(TagDataType.Bool, value ? 1 : 0);
    public static TagValue From(sbyte value) => new(TagDataType.Int8, value);
    public static TagValue From(byte value) => new(TagDataType.UInt8, value);
    public static TagValue From(short value) => new(TagDataType.Int16, value);
    public static TagValue From(ushort value) => new(TagDataType.UInt16, value);
    public static TagValue From(int value) => new(TagDataType.Int32, value);
    public static TagValue From(uint value) => new(TagDataType.UInt32, value);
    public static TagValue From(long value) => new(TagDataType.Int64, value);
    public static TagValue From(ulong value) => new(TagDataType.UInt64, unchecked((long)value));
    public static TagValue From(float value) => new(TagDataType.Float32, BitConverter.SingleToUInt32Bits(value));
    public static TagValue From(double value) => new(TagDataType.Float64, BitConverter.DoubleToInt64Bits(value));
    public static TagValue From(string value) => new(TagDataType.String, 0, value);

    /// <summary>A value from its type and bit pattern, as a codec reads it back.</summary>
    /// <exception cref="ArgumentException">The type is String, which has no bit pattern.</exception>
    public static TagValue FromBits(TagDataType type, long bits) => type == TagDataType.String
        ? throw new ArgumentException("a string has no bit pattern", nameof(type))
        : new(type, bits);

    /// <summary>The value as a number; a Boolean is 0 or 1, a string or no value is NaN. Int64 beyond 2^53 is
    /// rounded.</summary>
    public double AsDouble() => Type switch
    {
        TagDataType.Float64 => BitConverter.Int64BitsToDouble(Bits),
        TagDataType.Float32 => BitConverter.UInt32BitsToSingle(unchecked((uint)Bits)),
        TagDataType.UInt64 => unchecked((ulong)Bits),
        TagDataType.None or TagDataType.String => double.NaN,
        _ => Bits,
    };

    /// <summary>
    /// A number as a value of the given type: rounded to nearest for integers. False when it does not fit (out of
    /// range, NaN into an integer, anything into a string); the value is then <see cref="None"/>.
    /// </summary>
    public static bool TryFromDouble(TagDataType type, double number, out TagValue value)
    {
        var rounded = Math.Round(number, MidpointRounding.ToEven);
        (bool fits, value) = type switch
        {
            TagDataType.Float64 => (true, From(number)),
            TagDataType.Float32 => (true, From((float)number)),
            TagDataType.Bool => (!double.IsNaN(number), From(number != 0)),
            TagDataType.Int8 => (rounded is >= sbyte.MinValue and <= sbyte.MaxValue, From((sbyte)rounded)),
            TagDataType.UInt8 => (rounded is >= byte.MinValue and <= byte.MaxValue, From((byte)rounded)),
            TagDataType.Int16 => (rounded is >= short.MinValue and <= short.MaxValue, From((short)rounded)),
            TagDataType.UInt16 => (rounded is >= ushort.MinValue and <= ushort.MaxValue, From((ushort)rounded)),
            TagDataType.Int32 => (rounded is >= int.MinValue and <= int.MaxValue, From((int)rounded)),
            TagDataType.UInt32 => (rounded is >= uint.MinValue and <= uint.MaxValue, From((uint)rounded)),
            TagDataType.Int64 => (rounded is >= -9223372036854775808d and < 9223372036854775808d, From((long)rounded)),
            TagDataType.UInt64 => (rounded is >= 0 and < 18446744073709551616d, From((ulong)rounded)),
            _ => (false, None),
        };
        if (!fits) value = None;
        return fits;
    }

    /// <summary>Bit-for-bit equality, so NaN equals the same NaN and 0.0 differs from −0.0.</summary>
    public bool Equals(TagValue other) => Type == other.Type && Bits == other.Bits && text == other.text;

    public override bool Equals(object? obj) => obj is TagValue other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Type, Bits, text);
    public static bool operator ==(TagValue left, TagValue right) => left.Equals(right);
    public static bool operator !=(TagValue left, TagValue right) => !left.Equals(right);

    /// <summary>The value for people and CSV: round-trip digits, <c>true</c>/<c>false</c>, empty for no
    /// value.</summary>
    public override string ToString() => Type switch
    {
        TagDataType.None => "",
        TagDataType.Bool => Bits != 0 ? "true" : "false",
        TagDataType.String => text ?? "",
        TagDataType.Float32 =>
            BitConverter.UInt32BitsToSingle(unchecked((uint)Bits)).ToString("R", CultureInfo.InvariantCulture),
        TagDataType.Float64 => BitConverter.Int64BitsToDouble(Bits).ToString("R", CultureInfo.InvariantCulture),
        TagDataType.UInt64 => unchecked((ulong)Bits).ToString(CultureInfo.InvariantCulture),
        _ => Bits.ToString(CultureInfo.InvariantCulture),
    };
}
