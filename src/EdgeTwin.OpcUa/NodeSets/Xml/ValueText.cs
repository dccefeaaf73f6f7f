using System.Xml.Linq;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>Writes the built-in types whose XML is a text (OPC 10000-6 §5.3.1).</summary>
internal static class ValueText
{
    /// <summary>False when the type is none of these. An absent element is the type's default.</summary>
    public static bool TryWrite(in UaWriter writer, BuiltInType type, XElement? element, NodeSetContext context)
    {
        switch (type)
        {
            case BuiltInType.Boolean:
                writer.WriteBoolean(element is { Value.Length: > 0 } && context.Flag(element, element.Value));
                return true;
            case BuiltInType.SByte:
                writer.WriteSByte(Number<sbyte>(element, context));
                return true;
            case BuiltInType.Byte:
                writer.WriteByte(Number<byte>(element, context));
                return true;
            case BuiltInType.Int16:
                writer.WriteInt16(Number<short>(element, context));
                return true;
            case BuiltInType.UInt16:
                writer.WriteUInt16(Number<ushort>(element, context));
                return true;
            case BuiltInType.Int32:
                writer.WriteInt32(Number<int>(element, context));
                return true;
            case BuiltInType.UInt32:
                writer.WriteUInt32(Number<uint>(element, context));
                return true;
            case BuiltInType.Int64:
                writer.WriteInt64(Number<long>(element, context));
                return true;
            case BuiltInType.UInt64:
                writer.WriteUInt64(Number<ulong>(element, context));
                return true;
            case BuiltInType.Float:
                writer.WriteFloat((float)Real(element, context));
                return true;
            case BuiltInType.Double:
                writer.WriteDouble(Real(element, context));
                return true;
            default:
                return TryWriteOther(writer, type, element, context);
        }
    }

    private static bool TryWriteOther(in UaWriter writer, BuiltInType type, XElement? element, NodeSetContext context)
    {
        switch (type)
        {
            case BuiltInType.String:
                writer.WriteString(element?.Value);
                return true;
            case BuiltInType.DateTime:
                writer.WriteDateTime(element is { Value.Length: > 0 }
                    ? NodeSetValues.Time(context, element, element.Value)
                    : default);
                return true;
            case BuiltInType.Guid:
                writer.WriteGuid(element is { Value.Length: > 0 }
                    ? context.Number<Guid>(element, element.Value)
                    : default);
                return true;
            case BuiltInType.ByteString:
                writer.WriteByteString(element is null ? null : Base64(element, context));
                return true;
            case BuiltInType.XmlElement:
                writer.WriteXmlElement(element?.FirstNode is { } node ? new XmlElement(node.ToString()) : null);
                return true;
            case BuiltInType.StatusCode:
                writer.WriteUInt32(element is { Value.Length: > 0 } ? context.Number<uint>(element, element.Value) : 0);
                return true;
            default:
                return false;
        }
    }

    // An enumeration's value is Name_Number (OPC 10000-6 §5.3.2).
    private static T Number<T>(XElement? element, NodeSetContext context)
        where T : struct, ISpanParsable<T>
    {
        if (element is not { Value: { Length: > 0 } text }) return default;
        return context.Number<T>(element, text[(text.LastIndexOf('_') + 1)..]);
    }

    private static double Real(XElement? element, NodeSetContext context) => element?.Value.Trim() switch
    {
        null or "" => 0,
        "INF" => double.PositiveInfinity,
        "-INF" => double.NegativeInfinity,
        "NaN" => double.NaN,
        var text => context.Number<double>(element, text),
    };

    private static byte[] Base64(XElement element, NodeSetContext context)
    {
        try
        {
            return Convert.FromBase64String(element.Value);
        }
        catch (FormatException)
        {
            throw context.Error(element, "this is no base64");
        }
    }
}
