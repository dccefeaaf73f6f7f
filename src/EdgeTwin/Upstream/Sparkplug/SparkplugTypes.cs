using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>Types, values and times of tags as Sparkplug has them; <c>docs/payload.md</c> has the table.</summary>
internal static class SparkplugTypes
{
    private const int LongestText = 65_536;

    /// <summary>Milliseconds since 1970; 0 for what lies before.</summary>
    public static ulong Milliseconds(DateTime time) =>
        time <= DateTime.UnixEpoch ? 0 : (ulong)((time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond);

    public static SparkplugDataType Of(TagDataType type) => type switch
    {
        TagDataType.Bool => SparkplugDataType.Boolean,
        TagDataType.Int8 => SparkplugDataType.Int8,
        TagDataType.UInt8 => SparkplugDataType.UInt8,
        TagDataType.Int16 => SparkplugDataType.Int16,
        TagDataType.UInt16 => SparkplugDataType.UInt16,
        TagDataType.Int32 => SparkplugDataType.Int32,
        TagDataType.UInt32 => SparkplugDataType.UInt32,
        TagDataType.Int64 => SparkplugDataType.Int64,
        TagDataType.UInt64 => SparkplugDataType.UInt64,
        TagDataType.Float32 => SparkplugDataType.Float,
        TagDataType.String => SparkplugDataType.String,
        _ => SparkplugDataType.Double,
    };

    /// <summary>A value of a tag of that type; one of none for what the type cannot hold.</summary>
    public static SparkplugValue Value(TagDataType type, in TagValue value)
    {
        // A sample of before the configuration was changed may have another type than its metric.
        if (value.Type != type && !value.IsNone) return Converted(type, value);
        return value.Type switch
        {
            TagDataType.None => default,
            TagDataType.Bool => SparkplugValue.From(value.Bits != 0),
            TagDataType.Int64 => SparkplugValue.FromInt64(value.Bits),
            TagDataType.UInt32 or TagDataType.UInt64 => SparkplugValue.FromLong(unchecked((ulong)value.Bits)),
            TagDataType.Float32 => SparkplugValue.FromFloatBits(unchecked((uint)value.Bits)),
            TagDataType.Float64 => SparkplugValue.FromDoubleBits(unchecked((ulong)value.Bits)),
            TagDataType.String => SparkplugValue.From(Short(value.Text ?? "")),
            _ => SparkplugValue.FromInt32(unchecked((int)value.Bits)),
        };
    }

    /// <summary>What a birth says of a tag beside its value.</summary>
    public static IEnumerable<SparkplugProperty> About(TagDefinition tag)
    {
        if (tag.Unit is { } unit)
            yield return new SparkplugProperty("engUnit", SparkplugDataType.String, SparkplugValue.From(unit.Symbol));
        if (tag.Range is { } range)
        {
            yield return new SparkplugProperty("engLow", SparkplugDataType.Double,
                SparkplugValue.FromDoubleBits(BitConverter.DoubleToUInt64Bits(range.Low)));
            yield return new SparkplugProperty("engHigh", SparkplugDataType.Double,
                SparkplugValue.FromDoubleBits(BitConverter.DoubleToUInt64Bits(range.High)));
        }
        if (tag.Description is { } text)
            yield return new SparkplugProperty("documentation", SparkplugDataType.String, SparkplugValue.From(text));
    }

    private static SparkplugValue Converted(TagDataType type, in TagValue value) =>
        type == TagDataType.String ? Value(type, TagValue.From(value.ToString()))
        : TagValue.TryFromDouble(type, value.AsDouble(), out var converted) ? Value(type, converted)
        : default;

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
