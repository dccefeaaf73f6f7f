using System.Runtime.InteropServices;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Writes arrays (OPC 10000-6 §5.2.5): a count, then the elements; -1 for null.</summary>
public static class UaWriterArrays
{
    /// <summary>An array of SByte; null travels as null.</summary>
    public static void WriteSByteArray(this in UaWriter writer, sbyte[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Byte; null travels as null.</summary>
    public static void WriteByteArray(this in UaWriter writer, byte[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Int16; null travels as null.</summary>
    public static void WriteInt16Array(this in UaWriter writer, short[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of UInt16; null travels as null.</summary>
    public static void WriteUInt16Array(this in UaWriter writer, ushort[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Int32; null travels as null.</summary>
    public static void WriteInt32Array(this in UaWriter writer, int[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of UInt32; null travels as null.</summary>
    public static void WriteUInt32Array(this in UaWriter writer, uint[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Int64; null travels as null.</summary>
    public static void WriteInt64Array(this in UaWriter writer, long[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of UInt64; null travels as null.</summary>
    public static void WriteUInt64Array(this in UaWriter writer, ulong[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Float; null travels as null.</summary>
    public static void WriteFloatArray(this in UaWriter writer, float[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Double; null travels as null.</summary>
    public static void WriteDoubleArray(this in UaWriter writer, double[]? values) => WriteNumbers(writer, values);

    /// <summary>An array of Boolean; null travels as null.</summary>
    public static void WriteBooleanArray(this in UaWriter writer, bool[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteBoolean(value);
        }
    }

    /// <summary>An array of String; null travels as null.</summary>
    public static void WriteStringArray(this in UaWriter writer, string?[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteString(value);
        }
    }

    /// <summary>An array of DateTime; null travels as null.</summary>
    public static void WriteDateTimeArray(this in UaWriter writer, DateTime[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteDateTime(value);
        }
    }

    /// <summary>An array of Guid; null travels as null.</summary>
    public static void WriteGuidArray(this in UaWriter writer, Guid[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteGuid(value);
        }
    }

    /// <summary>An array of ByteString; null travels as null.</summary>
    public static void WriteByteStringArray(this in UaWriter writer, byte[]?[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteByteString(value);
        }
    }

    /// <summary>An array of XmlElement; null travels as null.</summary>
    public static void WriteXmlElementArray(this in UaWriter writer, XmlElement?[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteXmlElement(value);
        }
    }

    /// <summary>An array of NodeId; null travels as null.</summary>
    public static void WriteNodeIdArray(this in UaWriter writer, NodeId[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteNodeId(value);
        }
    }

    /// <summary>An array of ExpandedNodeId; null travels as null.</summary>
    public static void WriteExpandedNodeIdArray(this in UaWriter writer, ExpandedNodeId[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteExpandedNodeId(value);
        }
    }

    /// <summary>An array of StatusCode; null travels as null.</summary>
    public static void WriteStatusCodeArray(this in UaWriter writer, StatusCode[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteStatusCode(value);
        }
    }

    /// <summary>An array of QualifiedName; null travels as null.</summary>
    public static void WriteQualifiedNameArray(this in UaWriter writer, QualifiedName[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteQualifiedName(value);
        }
    }

    /// <summary>An array of LocalizedText; null travels as null.</summary>
    public static void WriteLocalizedTextArray(this in UaWriter writer, LocalizedText[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteLocalizedText(value);
        }
    }

    /// <summary>An array of ExtensionObject; null travels as null.</summary>
    public static void WriteExtensionObjectArray(this in UaWriter writer, ExtensionObject?[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteExtensionObject(value);
        }
    }

    /// <summary>An array of DataValue; null travels as null.</summary>
    public static void WriteDataValueArray(this in UaWriter writer, DataValue[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteDataValue(value);
        }
    }

    /// <summary>An array of Variant; null travels as null.</summary>
    public static void WriteVariantArray(this in UaWriter writer, Variant[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteVariant(value);
        }
    }

    /// <summary>An array of DiagnosticInfo; null travels as null.</summary>
    public static void WriteDiagnosticInfoArray(this in UaWriter writer, DiagnosticInfo?[]? values)
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteDiagnosticInfo(value);
        }
    }

    /// <summary>Structures without type ids, as in the fields of messages.</summary>
    public static void WriteStructureArray<T>(this in UaWriter writer, T[]? values)
        where T : IStructure
    {
        writer.WriteInt32(values?.Length ?? -1);
        var self = writer;
        foreach (var value in values ?? [])
        {
            value.Encode(ref self);
        }
    }

    /// <summary>Enumerations, each an Int32 (OPC 10000-6 §5.2.4).</summary>
    public static void WriteEnumArray<T>(this in UaWriter writer, T[]? values)
        where T : struct, Enum
    {
        writer.WriteInt32(values?.Length ?? -1);
        foreach (var value in values ?? [])
        {
            writer.WriteInt32(Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    // The wire is little endian and so is every machine that we run on: one copy.
    private static void WriteNumbers<T>(in UaWriter writer, T[]? values)
        where T : unmanaged
    {
        writer.WriteInt32(values?.Length ?? -1);
        writer.WriteRaw(MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
