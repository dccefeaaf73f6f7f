using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Writes variants (OPC 10000-6 §5.2.2.16).</summary>
internal static class VariantWriter
{
    public static void Write(UaWriter writer, in Variant value)
    {
        if (value.IsScalar)
        {
            WriteScalar(writer, value);
            return;
        }

        var dimensions = value.Matrix?.Dimensions;
        writer.WriteByte((byte)((int)value.Type | 0x80 | (dimensions is null ? 0 : 0x40)));
        WriteElements(writer, value.Elements!);
        if (dimensions is not null)
        {
            writer.WriteInt32Array(dimensions);
        }
    }

    /// <summary>Bytes of a type of fixed size whose value lies in the variant's bits; 0 for the others.</summary>
    public static int FixedSize(BuiltInType type) => type switch
    {
        BuiltInType.Boolean or BuiltInType.SByte or BuiltInType.Byte => 1,
        BuiltInType.Int16 or BuiltInType.UInt16 => 2,
        BuiltInType.Int32 or BuiltInType.UInt32 or BuiltInType.Float or BuiltInType.StatusCode => 4,
        BuiltInType.Int64 or BuiltInType.UInt64 or BuiltInType.Double or BuiltInType.DateTime => 8,
        _ => 0,
    };

    /// <summary>The bits as they travel: only a time differs.</summary>
    public static long WireBits(in Variant value) => value.Type == BuiltInType.DateTime
        ? WireTime.ToWire(new DateTime(value.Bits, DateTimeKind.Utc))
        : value.Bits;

    private static void WriteScalar(UaWriter writer, in Variant value)
    {
        // A null string or structure is the null variant: an encoding byte of 0 and nothing else.
        var size = FixedSize(value.Type);
        if (size == 0 && value.Reference is null)
        {
            writer.WriteByte(0);
            return;
        }

        writer.WriteByte((byte)value.Type);
        WriteBody(writer, value);
    }

    /// <summary>A scalar without its encoding byte; its reference is not null.</summary>
    public static void WriteBody(UaWriter writer, in Variant value)
    {
        var size = FixedSize(value.Type);
        if (size > 0)
        {
            Span<byte> bits = stackalloc byte[sizeof(long)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bits, WireBits(value));
            writer.WriteRaw(bits[..size]);
            return;
        }

        WriteObject(writer, value);
    }

    private static void WriteObject(UaWriter writer, in Variant value)
    {
        switch (value.Reference)
        {
            case string text:
                writer.WriteString(text);
                return;
            case Guid guid:
                writer.WriteGuid(guid);
                return;
            case byte[] bytes:
                writer.WriteByteString(bytes);
                return;
            case XmlElement xml:
                writer.WriteXmlElement(xml);
                return;
            case NodeId nodeId:
                writer.WriteNodeId(nodeId);
                return;
            case ExpandedNodeId nodeId:
                writer.WriteExpandedNodeId(nodeId);
                return;
            case QualifiedName name:
                writer.WriteQualifiedName(name);
                return;
            case LocalizedText text:
                writer.WriteLocalizedText(text);
                return;
            case ExtensionObject structure:
                writer.WriteExtensionObject(structure);
                return;
            case DataValue data:
                writer.WriteDataValue(data);
                return;
            case DiagnosticInfo info:
                writer.WriteDiagnosticInfo(info);
                return;
            default:
                throw new InvalidOperationException($"a variant cannot hold a {value.Reference?.GetType().Name}");
        }
    }

    /// <summary>An array with its count.</summary>
    public static void WriteElements(UaWriter writer, Array elements)
    {
        // By the declared type: the runtime takes sbyte[] for byte[], int[] for uint[] and so on.
        var write = Writers[elements.GetType().GetElementType()!];
        write(writer, elements);
    }

    private delegate void ElementWriter(UaWriter writer, Array elements);

    private static readonly Dictionary<Type, ElementWriter> Writers = new()
    {
        [typeof(bool)] = static (w, a) => w.WriteBooleanArray((bool[])a),
        [typeof(sbyte)] = static (w, a) => w.WriteSByteArray((sbyte[])a),
        [typeof(byte)] = static (w, a) => w.WriteByteArray((byte[])a),
        [typeof(short)] = static (w, a) => w.WriteInt16Array((short[])a),
        [typeof(ushort)] = static (w, a) => w.WriteUInt16Array((ushort[])a),
        [typeof(int)] = static (w, a) => w.WriteInt32Array((int[])a),
        [typeof(uint)] = static (w, a) => w.WriteUInt32Array((uint[])a),
        [typeof(long)] = static (w, a) => w.WriteInt64Array((long[])a),
        [typeof(ulong)] = static (w, a) => w.WriteUInt64Array((ulong[])a),
        [typeof(float)] = static (w, a) => w.WriteFloatArray((float[])a),
        [typeof(double)] = static (w, a) => w.WriteDoubleArray((double[])a),
        [typeof(string)] = static (w, a) => w.WriteStringArray((string?[])a),
        [typeof(DateTime)] = static (w, a) => w.WriteDateTimeArray((DateTime[])a),
        [typeof(Guid)] = static (w, a) => w.WriteGuidArray((Guid[])a),
        [typeof(byte[])] = static (w, a) => w.WriteByteStringArray((byte[]?[])a),
        [typeof(XmlElement)] = static (w, a) => w.WriteXmlElementArray((XmlElement?[])a),
        [typeof(NodeId)] = static (w, a) => w.WriteNodeIdArray((NodeId[])a),
        [typeof(ExpandedNodeId)] = static (w, a) => w.WriteExpandedNodeIdArray((ExpandedNodeId[])a),
        [typeof(StatusCode)] = static (w, a) => w.WriteStatusCodeArray((StatusCode[])a),
        [typeof(QualifiedName)] = static (w, a) => w.WriteQualifiedNameArray((QualifiedName[])a),
        [typeof(LocalizedText)] = static (w, a) => w.WriteLocalizedTextArray((LocalizedText[])a),
        [typeof(ExtensionObject)] = static (w, a) => w.WriteExtensionObjectArray((ExtensionObject?[])a),
        [typeof(DataValue)] = static (w, a) => w.WriteDataValueArray((DataValue[])a),
        [typeof(Variant)] = static (w, a) => w.WriteVariantArray((Variant[])a),
        [typeof(DiagnosticInfo)] = static (w, a) => w.WriteDiagnosticInfoArray((DiagnosticInfo?[])a),
    };
}
