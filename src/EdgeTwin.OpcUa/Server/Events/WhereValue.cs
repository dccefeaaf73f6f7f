using System.Globalization;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>Compares and converts values as where clauses do (OPC 10000-4 §7.7.3, tables 122 and 123).</summary>
internal static class WhereValue
{
    /// <summary>True, false, or null when one of them is null.</summary>
    public static Variant AreEqual(in Variant left, in Variant right)
    {
        if (left.IsNull || right.IsNull)
        {
            return Variant.Null;
        }

        if (left.Type == right.Type && !IsNumber(left.Type))
        {
            return left.ValueEquals(right);
        }

        return TryCompare(left, right, out var order)
            ? order == 0
            : IdOf(left) is { } id && IdOf(right) is { } other && id == other;
    }

    /// <summary>Which is greater; false when they cannot be compared.</summary>
    public static bool TryCompare(in Variant left, in Variant right, out int order)
    {
        order = 0;
        if (!left.IsScalar || !right.IsScalar || left.IsNull || right.IsNull)
        {
            return false;
        }

        if (TryToInteger(left, out var a) && TryToInteger(right, out var b))
        {
            order = a.CompareTo(b);
            return true;
        }

        if ((left.Type == BuiltInType.DateTime || right.Type == BuiltInType.DateTime)
            && TimeOf(left) is { } from && TimeOf(right) is { } to)
        {
            order = from.CompareTo(to);
            return true;
        }

        if (left.Type == BuiltInType.String && right.Type == BuiltInType.String)
        {
            order = string.CompareOrdinal(TextOf(left), TextOf(right));
            return true;
        }

        if (TryToNumber(left, out var x) && TryToNumber(right, out var y))
        {
            // NaN is neither greater, less nor equal.
            order = x.CompareTo(y);
            return !double.IsNaN(x) && !double.IsNaN(y);
        }

        if (TextOf(left) is { } text && TextOf(right) is { } other)
        {
            order = string.CompareOrdinal(text, other);
            return true;
        }

        return false;
    }

    /// <summary>The text of a String, LocalizedText or QualifiedName; null for others.</summary>
    public static string? TextOf(in Variant value) => value.IsScalar ? value.Reference switch
    {
        string text => text,
        LocalizedText text => text.Text,
        QualifiedName name => name.Name,
        _ => null,
    } : null;

    /// <summary>The value as another type; null when it cannot be.</summary>
    public static Variant Cast(in Variant value, in Variant dataType)
    {
        if (!dataType.TryGet<NodeId>(out var type) || type.NamespaceIndex != 0 || type.IdType != IdType.Numeric
            || !value.IsScalar)
        {
            return Variant.Null;
        }

        var target = (BuiltInType)Math.Min(type.Number, (uint)byte.MaxValue);
        if (target == value.Type)
        {
            return value;
        }

        switch (target)
        {
            case BuiltInType.String:
                return TextOf(value) ?? Convert.ToString(value.ToObject(), CultureInfo.InvariantCulture);
            case BuiltInType.Boolean when TryToNumber(value, out var number):
                return number != 0;
            case BuiltInType.Double when TryToNumber(value, out var number):
                return number;
            case BuiltInType.Float when TryToNumber(value, out var number):
                return (float)number;
            case BuiltInType.DateTime when TimeOf(value) is { } time:
                return time;
            case BuiltInType.NodeId when IdOf(value) is { } id:
                return id;
            default:
                return TryToNumber(value, out var whole)
                    ? ToInteger(target, Math.Round(whole, MidpointRounding.AwayFromZero))
                    : Variant.Null;
        }
    }

    /// <summary>The bits of two integers combined; null for others.</summary>
    public static Variant Bitwise(in Variant left, in Variant right, Func<long, long, long> combine)
    {
        if (!TryToInteger(left, out var a) || !TryToInteger(right, out var b))
        {
            return Variant.Null;
        }

        var bits = combine((long)(ulong)(a & ulong.MaxValue), (long)(ulong)(b & ulong.MaxValue));
        return left.Type >= right.Type ? Variant.Number(left.Type, bits) : Variant.Number(right.Type, bits);
    }

    private static bool IsNumber(BuiltInType type) => type is >= BuiltInType.SByte and <= BuiltInType.Double;

    private static Variant ToInteger(BuiltInType type, double number)
    {
        var (least, most) = type switch
        {
            BuiltInType.SByte => (sbyte.MinValue, sbyte.MaxValue),
            BuiltInType.Byte => (byte.MinValue, byte.MaxValue),
            BuiltInType.Int16 => (short.MinValue, short.MaxValue),
            BuiltInType.UInt16 => (ushort.MinValue, ushort.MaxValue),
            BuiltInType.Int32 => (int.MinValue, int.MaxValue),
            BuiltInType.UInt32 => (uint.MinValue, uint.MaxValue),
            BuiltInType.Int64 => (-9.2233720368547e18, 9.2233720368547e18),
            BuiltInType.UInt64 => (0.0, 1.8446744073709e19),
            _ => (1.0, 0.0),
        };
        if (!(number >= least && number <= most))
        {
            return Variant.Null;
        }

        return Variant.Number(type, type == BuiltInType.UInt64 ? (long)(ulong)number : (long)number);
    }

    private static bool TryToInteger(in Variant value, out Int128 integer)
    {
        integer = value.Type == BuiltInType.UInt64 ? (ulong)value.Bits : value.Bits;
        return value.IsScalar && value.Type is >= BuiltInType.Boolean and <= BuiltInType.UInt64;
    }

    private static bool TryToNumber(in Variant value, out double number)
    {
        if (value.TryToDouble(out number))
        {
            return true;
        }

        if (value.Type == BuiltInType.Boolean && value.IsScalar)
        {
            number = value.Bits;
            return true;
        }

        return value.Reference is string text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static DateTime? TimeOf(in Variant value)
    {
        if (value.TryGet<DateTime>(out var time))
        {
            return time;
        }

        return value.Reference is string text && DateTime.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time) ? time : null;
    }

    private static NodeId? IdOf(in Variant value) => value.IsScalar ? value.Reference switch
    {
        NodeId id => id,
        ExpandedNodeId { NamespaceUri: null, ServerIndex: 0 } id => id.NodeId,
        string text when NodeId.TryParse(text, out var id) => id,
        _ => null,
    } : null;
}
