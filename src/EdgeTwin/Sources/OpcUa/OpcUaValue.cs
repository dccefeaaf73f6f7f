using System.Globalization;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;
using TagStatus = EdgeTwin.Tags.StatusCode;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>Values of a server as samples: in the tag's data type and engineering units, with the server's quality and
/// its time of the source.</summary>
internal static class OpcUaValue
{
    // A source clock ahead of ours by more than this is wrong; its time would hold the tag back from then on.
    private static readonly TimeSpan MostAhead = TimeSpan.FromHours(1);

    /// <summary>The sample of a value. What does not fit the tag's type is bad, and its neighbours are not.</summary>
    public static Sample ToSample(SourceTag tag, in DataValue data, DateTime now, ClockState clock)
    {
        var at = data.SourceTimestamp != default ? data.SourceTimestamp
            : data.ServerTimestamp != default ? data.ServerTimestamp : now;
        if (at > now + MostAhead) at = now;
        var status = new TagStatus(data.Status.Value);
        // A bad value is none, whatever the server still sends with it.
        if (status.IsBad) return new Sample(tag.Definition.Id, TagValue.None, status, at, now, clock);
        if (!TryRead(data.Value, tag.Config.Type, out var value))
            return new Sample(tag.Definition.Id, TagValue.None, TagStatus.BadTypeMismatch, at, now, clock);
        return tag.TryScale(ref value)
            ? new Sample(tag.Definition.Id, value, status, at, now, clock)
            : new Sample(tag.Definition.Id, TagValue.None, TagStatus.BadOutOfRange, at, now, clock);
    }

    /// <summary>A scalar as a value of the type; numbers are converted where they fit.</summary>
    public static bool TryRead(in Variant variant, TagDataType type, out TagValue value)
    {
        value = TagValue.None;
        if (!variant.IsScalar || variant.IsNull) return false;
        if (type == TagDataType.String)
        {
            value = TextOf(variant) is { } text ? TagValue.From(text) : TagValue.None;
            return !value.IsNone;
        }

        var native = Native(variant);
        if (native.Type == type) value = native;
        else if (!native.IsNone) _ = WholeNumber.IsWhole(native.Type) && WholeNumber.IsWhole(type)
            ? TryConvertWhole(native, type, out value)
            : TagValue.TryFromDouble(type, native.AsDouble(), out value);
        return !value.IsNone;
    }

    /// <summary>A value as a server wants it.</summary>
    public static Variant ToVariant(in TagValue value, BuiltInType type)
    {
        if (!TagValue.TryFromDouble((TagDataType)(byte)type, value.AsDouble(), out var fitting)) fitting = value;
        if ((byte)value.Type == (byte)type) fitting = value;
        return fitting.Type switch
        {
            TagDataType.Bool => fitting.Bits != 0,
            TagDataType.Int8 => (sbyte)fitting.Bits,
            TagDataType.UInt8 => (byte)fitting.Bits,
            TagDataType.Int16 => (short)fitting.Bits,
            TagDataType.UInt16 => (ushort)fitting.Bits,
            TagDataType.Int32 => (int)fitting.Bits,
            TagDataType.UInt32 => (uint)fitting.Bits,
            TagDataType.Int64 => fitting.Bits,
            TagDataType.UInt64 => unchecked((ulong)fitting.Bits),
            TagDataType.Float32 => (float)fitting.AsDouble(),
            TagDataType.Float64 => fitting.AsDouble(),
            TagDataType.String => fitting.Text,
            _ => Variant.Null,
        };
    }

    private static TagValue Native(in Variant variant) => variant.Type switch
    {
        BuiltInType.Boolean => TagValue.From(variant.Get<bool>()),
        BuiltInType.SByte => TagValue.From(variant.Get<sbyte>()),
        BuiltInType.Byte => TagValue.From(variant.Get<byte>()),
        BuiltInType.Int16 => TagValue.From(variant.Get<short>()),
        BuiltInType.UInt16 => TagValue.From(variant.Get<ushort>()),
        BuiltInType.Int32 => TagValue.From(variant.Get<int>()),
        BuiltInType.UInt32 => TagValue.From(variant.Get<uint>()),
        BuiltInType.Int64 => TagValue.From(variant.Get<long>()),
        BuiltInType.UInt64 => TagValue.From(variant.Get<ulong>()),
        BuiltInType.Float => TagValue.From(variant.Get<float>()),
        BuiltInType.Double => TagValue.From(variant.Get<double>()),
        _ => TagValue.None,
    };

    // A counter beyond 2^53 stays exact.
    private static bool TryConvertWhole(in TagValue from, TagDataType type, out TagValue value)
    {
        Int128 number = from.Type == TagDataType.UInt64 ? unchecked((ulong)from.Bits) : from.Bits;
        return WholeNumber.TryFit(number, type, out value);
    }

    private static string? TextOf(in Variant variant) => variant.Type switch
    {
        BuiltInType.String => variant.Get<string>(),
        BuiltInType.LocalizedText => variant.Get<LocalizedText>().Text,
        BuiltInType.DateTime => variant.Get<DateTime>().ToString("O", CultureInfo.InvariantCulture),
        BuiltInType.Guid => variant.Get<Guid>().ToString("D"),
        BuiltInType.NodeId => variant.Get<NodeId>().ToString(),
        BuiltInType.QualifiedName => variant.Get<QualifiedName>().Name,
        BuiltInType.ByteString => variant.Get<byte[]>() is { } bytes ? Convert.ToHexString(bytes) : null,
        _ when Native(variant) is { IsNone: false } number => number.ToString(),
        _ => null,
    };
}
