using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>Values of tags as OPC UA has them and back. Nothing is rounded and nothing allocated.</summary>
internal static class TagVariant
{
    /// <summary>A value in the same data type; null for none.</summary>
    public static Variant From(in TagValue value) => value.Type switch
    {
        TagDataType.Float64 => BitConverter.Int64BitsToDouble(value.Bits),
        TagDataType.Float32 => BitConverter.UInt32BitsToSingle(unchecked((uint)value.Bits)),
        TagDataType.Bool => value.Bits != 0,
        TagDataType.Int8 => (sbyte)value.Bits,
        TagDataType.UInt8 => (byte)value.Bits,
        TagDataType.Int16 => (short)value.Bits,
        TagDataType.UInt16 => (ushort)value.Bits,
        TagDataType.Int32 => (int)value.Bits,
        TagDataType.UInt32 => (uint)value.Bits,
        TagDataType.Int64 => value.Bits,
        TagDataType.UInt64 => unchecked((ulong)value.Bits),
        TagDataType.String => value.Text,
        _ => Variant.Null,
    };

    /// <summary>A sample with its quality and both of its times.</summary>
    public static DataValue From(in Sample sample) => new(
        From(sample.Value), sample.Status.Code, sample.SourceTime, sample.ReceiveTime);

    /// <summary>A scalar of a tag's data type as its value; false for everything else.</summary>
    public static bool TryTo(in Variant variant, TagDataType type, out TagValue value)
    {
        value = TagValue.None;
        if (!variant.IsScalar || (byte)variant.Type != (byte)type) return false;
        value = type switch
        {
            TagDataType.Bool => TagValue.From(variant.Get<bool>()),
            TagDataType.Int8 => TagValue.From(variant.Get<sbyte>()),
            TagDataType.UInt8 => TagValue.From(variant.Get<byte>()),
            TagDataType.Int16 => TagValue.From(variant.Get<short>()),
            TagDataType.UInt16 => TagValue.From(variant.Get<ushort>()),
            TagDataType.Int32 => TagValue.From(variant.Get<int>()),
            TagDataType.UInt32 => TagValue.From(variant.Get<uint>()),
            TagDataType.Int64 => TagValue.From(variant.Get<long>()),
            TagDataType.UInt64 => TagValue.From(variant.Get<ulong>()),
            TagDataType.Float32 => TagValue.From(variant.Get<float>()),
            TagDataType.Float64 => TagValue.From(variant.Get<double>()),
            TagDataType.String when variant.Get<string>() is { } text => TagValue.From(text),
            _ => TagValue.None,
        };
        return !value.IsNone;
    }
}
