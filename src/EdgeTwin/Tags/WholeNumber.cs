namespace EdgeTwin.Tags;

/// <summary>Whole numbers as values: a counter beyond 2^53 stays exact.</summary>
internal static class WholeNumber
{
    /// <summary>A number as a value of an integer type; false when it is outside its range.</summary>
    public static bool TryFit(Int128 number, TagDataType type, out TagValue value)
    {
        var (low, high) = type switch
        {
            TagDataType.Int8 => ((Int128)sbyte.MinValue, (Int128)sbyte.MaxValue),
            TagDataType.UInt8 => (0, byte.MaxValue),
            TagDataType.Int16 => (short.MinValue, short.MaxValue),
            TagDataType.UInt16 => (0, ushort.MaxValue),
            TagDataType.Int32 => (int.MinValue, int.MaxValue),
            TagDataType.UInt32 => (0, uint.MaxValue),
            TagDataType.Int64 => (long.MinValue, long.MaxValue),
            TagDataType.UInt64 => (0, ulong.MaxValue),
            _ => (0, -1),
        };
        var fits = number >= low && number <= high;
        value = fits ? TagValue.FromBits(type, unchecked((long)(ulong)(UInt128)number)) : TagValue.None;
        return fits;
    }

    public static bool IsWhole(TagDataType type) => type is >= TagDataType.Int8 and <= TagDataType.UInt64;
}
