using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Reads variants (OPC 10000-6 §5.2.2.16): an encoding byte with the built-in type in bits 0-5, 0x40 for
/// dimensions and 0x80 for an array.</summary>
internal static class VariantReader
{
    public static Variant Read(ref UaReader reader)
    {
        var encoding = reader.ReadByte();
        var id = encoding & 0x3F;
        // Ids 26-31 are reserved and read as ByteString (table 1, last paragraph).
        var type = id is > 25 and <= 31 ? BuiltInType.ByteString : (BuiltInType)id;
        if (id > 31)
        {
            throw reader.Error($"a variant has type {id}");
        }

        if ((encoding & 0xC0) == 0)
        {
            return ReadScalar(ref reader, type);
        }

        if ((encoding & 0x80) == 0)
        {
            throw reader.Error("a variant has dimensions but is no array");
        }

        reader.Enter();
        var elements = ReadElements(ref reader, type);
        reader.Leave();
        return (encoding & 0x40) == 0 ? Variant.OfElements(type, elements) : ReadDimensions(ref reader, elements, type);
    }

    /// <summary>A scalar without its encoding byte.</summary>
    public static Variant ReadScalar(ref UaReader reader, BuiltInType type)
    {
        switch (type)
        {
            case BuiltInType.Null:
                return Variant.Null;
            case BuiltInType.Boolean:
                return reader.ReadBoolean();
            case BuiltInType.SByte:
                return reader.ReadSByte();
            case BuiltInType.Byte:
                return reader.ReadByte();
            case BuiltInType.Int16:
                return reader.ReadInt16();
            case BuiltInType.UInt16:
                return reader.ReadUInt16();
            case BuiltInType.Int32:
                return reader.ReadInt32();
            case BuiltInType.UInt32:
                return reader.ReadUInt32();
            case BuiltInType.Int64:
                return reader.ReadInt64();
            case BuiltInType.UInt64:
                return reader.ReadUInt64();
            case BuiltInType.Float:
                return Variant.Number(BuiltInType.Float, reader.ReadInt32());
            case BuiltInType.Double:
                return Variant.Number(BuiltInType.Double, reader.ReadInt64());
            case BuiltInType.DateTime:
                return reader.ReadDateTime();
            case BuiltInType.StatusCode:
                return reader.ReadStatusCode();
            default:
                return Variant.Object(type, ReadObject(ref reader, type));
        }
    }

    private static object? ReadObject(ref UaReader reader, BuiltInType type) => type switch
    {
        BuiltInType.String => reader.ReadString(),
        BuiltInType.Guid => reader.ReadGuid(),
        BuiltInType.ByteString => reader.ReadByteString(),
        BuiltInType.XmlElement => reader.ReadXmlElement(),
        BuiltInType.NodeId => reader.ReadNodeId(),
        BuiltInType.ExpandedNodeId => reader.ReadExpandedNodeId(),
        BuiltInType.QualifiedName => reader.ReadQualifiedName(),
        BuiltInType.LocalizedText => reader.ReadLocalizedText(),
        BuiltInType.ExtensionObject => reader.ReadExtensionObject(),
        BuiltInType.DataValue => reader.ReadDataValue(),
        BuiltInType.DiagnosticInfo => reader.ReadDiagnosticInfo(),
        // A variant holds variants only in arrays (§5.2.2.16).
        _ => throw reader.Error($"a variant holds a single {type}"),
    };

    /// <summary>An array with its count; null is empty.</summary>
    public static Array ReadElements(ref UaReader reader, BuiltInType type) => type switch
    {
        BuiltInType.Boolean => reader.ReadBooleanArray(),
        BuiltInType.SByte => reader.ReadSByteArray(),
        BuiltInType.Byte => reader.ReadByteArray(),
        BuiltInType.Int16 => reader.ReadInt16Array(),
        BuiltInType.UInt16 => reader.ReadUInt16Array(),
        BuiltInType.Int32 => reader.ReadInt32Array(),
        BuiltInType.UInt32 => reader.ReadUInt32Array(),
        BuiltInType.Int64 => reader.ReadInt64Array(),
        BuiltInType.UInt64 => reader.ReadUInt64Array(),
        BuiltInType.Float => reader.ReadFloatArray(),
        BuiltInType.Double => reader.ReadDoubleArray(),
        BuiltInType.String => reader.ReadStringArray(),
        BuiltInType.DateTime => reader.ReadDateTimeArray(),
        BuiltInType.Guid => reader.ReadGuidArray(),
        BuiltInType.ByteString => reader.ReadByteStringArray(),
        BuiltInType.XmlElement => reader.ReadXmlElementArray(),
        BuiltInType.NodeId => reader.ReadNodeIdArray(),
        BuiltInType.ExpandedNodeId => reader.ReadExpandedNodeIdArray(),
        BuiltInType.StatusCode => reader.ReadStatusCodeArray(),
        BuiltInType.QualifiedName => reader.ReadQualifiedNameArray(),
        BuiltInType.LocalizedText => reader.ReadLocalizedTextArray(),
        BuiltInType.ExtensionObject => reader.ReadExtensionObjectArray(),
        BuiltInType.DataValue => reader.ReadDataValueArray(),
        BuiltInType.Variant => reader.ReadVariantArray(),
        BuiltInType.DiagnosticInfo => reader.ReadDiagnosticInfoArray(),
        _ => throw reader.Error("a variant holds an array of nothing"),
    };

    private static Variant ReadDimensions(ref UaReader reader, Array elements, BuiltInType type)
    {
        var dimensions = reader.ReadInt32Array();
        if (Matrix.Count(dimensions) != elements.Length)
        {
            throw reader.Error(
                $"a variant of {elements.Length} elements has dimensions [{string.Join(',', dimensions)}]");
        }

        // One dimension is an array that says its length twice.
        return dimensions.Length < 2
            ? Variant.OfElements(type, elements) : Variant.Of(new Matrix(elements, dimensions));
    }
}
