using System.Runtime.InteropServices;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Reads arrays (OPC 10000-6 §5.2.5): a count, then the elements. A null array is read as an empty
/// one.</summary>
public static class UaReaderArrays
{
    /// <summary>An array of SByte; a null one is empty.</summary>
    public static sbyte[] ReadSByteArray(this ref UaReader reader) => ReadNumbers<sbyte>(ref reader, 1);

    /// <summary>An array of Byte; a null one is empty.</summary>
    public static byte[] ReadByteArray(this ref UaReader reader) => ReadNumbers<byte>(ref reader, 1);

    /// <summary>An array of Int16; a null one is empty.</summary>
    public static short[] ReadInt16Array(this ref UaReader reader) => ReadNumbers<short>(ref reader, 2);

    /// <summary>An array of UInt16; a null one is empty.</summary>
    public static ushort[] ReadUInt16Array(this ref UaReader reader) => ReadNumbers<ushort>(ref reader, 2);

    /// <summary>An array of Int32; a null one is empty.</summary>
    public static int[] ReadInt32Array(this ref UaReader reader) => ReadNumbers<int>(ref reader, 4);

    /// <summary>An array of UInt32; a null one is empty.</summary>
    public static uint[] ReadUInt32Array(this ref UaReader reader) => ReadNumbers<uint>(ref reader, 4);

    /// <summary>An array of Int64; a null one is empty.</summary>
    public static long[] ReadInt64Array(this ref UaReader reader) => ReadNumbers<long>(ref reader, 8);

    /// <summary>An array of UInt64; a null one is empty.</summary>
    public static ulong[] ReadUInt64Array(this ref UaReader reader) => ReadNumbers<ulong>(ref reader, 8);

    /// <summary>An array of Float; a null one is empty.</summary>
    public static float[] ReadFloatArray(this ref UaReader reader) => ReadNumbers<float>(ref reader, 4);

    /// <summary>An array of Double; a null one is empty.</summary>
    public static double[] ReadDoubleArray(this ref UaReader reader) => ReadNumbers<double>(ref reader, 8);

    /// <summary>An array of Boolean; a null one is empty.</summary>
    public static bool[] ReadBooleanArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(1);
        if (length <= 0)
        {
            return [];
        }

        var array = new bool[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadBoolean();
        }

        return array;
    }

    /// <summary>An array of String; a null one is empty.</summary>
    public static string?[] ReadStringArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(4);
        if (length <= 0)
        {
            return [];
        }

        var array = new string?[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadString();
        }

        return array;
    }

    /// <summary>An array of DateTime; a null one is empty.</summary>
    public static DateTime[] ReadDateTimeArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(8);
        if (length <= 0)
        {
            return [];
        }

        var array = new DateTime[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadDateTime();
        }

        return array;
    }

    /// <summary>An array of Guid; a null one is empty.</summary>
    public static Guid[] ReadGuidArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(16);
        if (length <= 0)
        {
            return [];
        }

        var array = new Guid[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadGuid();
        }

        return array;
    }

    /// <summary>An array of ByteString; a null one is empty.</summary>
    public static byte[]?[] ReadByteStringArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(4);
        if (length <= 0)
        {
            return [];
        }

        var array = new byte[]?[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadByteString();
        }

        return array;
    }

    /// <summary>An array of XmlElement; a null one is empty.</summary>
    public static XmlElement?[] ReadXmlElementArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(4);
        if (length <= 0)
        {
            return [];
        }

        var array = new XmlElement?[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadXmlElement();
        }

        return array;
    }

    /// <summary>An array of NodeId; a null one is empty.</summary>
    public static NodeId[] ReadNodeIdArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(2);
        if (length <= 0)
        {
            return [];
        }

        var array = new NodeId[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadNodeId();
        }

        return array;
    }

    /// <summary>An array of ExpandedNodeId; a null one is empty.</summary>
    public static ExpandedNodeId[] ReadExpandedNodeIdArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(2);
        if (length <= 0)
        {
            return [];
        }

        var array = new ExpandedNodeId[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadExpandedNodeId();
        }

        return array;
    }

    /// <summary>An array of StatusCode; a null one is empty.</summary>
    public static StatusCode[] ReadStatusCodeArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(4);
        if (length <= 0)
        {
            return [];
        }

        var array = new StatusCode[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadStatusCode();
        }

        return array;
    }

    /// <summary>An array of QualifiedName; a null one is empty.</summary>
    public static QualifiedName[] ReadQualifiedNameArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(6);
        if (length <= 0)
        {
            return [];
        }

        var array = new QualifiedName[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadQualifiedName();
        }

        return array;
    }

    /// <summary>An array of LocalizedText; a null one is empty.</summary>
    public static LocalizedText[] ReadLocalizedTextArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(1);
        if (length <= 0)
        {
            return [];
        }

        var array = new LocalizedText[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadLocalizedText();
        }

        return array;
    }

    /// <summary>An array of ExtensionObject; a null one is empty.</summary>
    public static ExtensionObject?[] ReadExtensionObjectArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(3);
        if (length <= 0)
        {
            return [];
        }

        var array = new ExtensionObject?[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadExtensionObject();
        }

        return array;
    }

    /// <summary>An array of DataValue; a null one is empty.</summary>
    public static DataValue[] ReadDataValueArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(1);
        if (length <= 0)
        {
            return [];
        }

        var array = new DataValue[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadDataValue();
        }

        return array;
    }

    /// <summary>An array of Variant; a null one is empty.</summary>
    public static Variant[] ReadVariantArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(1);
        if (length <= 0)
        {
            return [];
        }

        var array = new Variant[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadVariant();
        }

        return array;
    }

    /// <summary>An array of DiagnosticInfo; a null one is empty.</summary>
    public static DiagnosticInfo?[] ReadDiagnosticInfoArray(this ref UaReader reader)
    {
        var length = reader.ReadArrayLength(1);
        if (length <= 0)
        {
            return [];
        }

        var array = new DiagnosticInfo?[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = reader.ReadDiagnosticInfo();
        }

        return array;
    }

    /// <summary>Structures without type ids, as in the fields of messages.</summary>
    public static T[] ReadStructureArray<T>(this ref UaReader reader)
        where T : IStructure<T>
    {
        var length = reader.ReadArrayLength(1);
        if (length <= 0)
        {
            return [];
        }

        reader.Enter();
        var array = new T[length];
        for (var i = 0; i < length; i++)
        {
            array[i] = T.Decode(ref reader);
        }

        reader.Leave();
        return array;
    }

    /// <summary>Enumerations, each an Int32 (OPC 10000-6 §5.2.4).</summary>
    public static T[] ReadEnumArray<T>(this ref UaReader reader)
        where T : struct, Enum
    {
        var numbers = reader.ReadInt32Array();
        var array = new T[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            array[i] = (T)Enum.ToObject(typeof(T), numbers[i]);
        }

        return array;
    }

    // The wire is little endian and so is every machine that we run on: one copy.
    private static T[] ReadNumbers<T>(ref UaReader reader, int size)
        where T : unmanaged
    {
        var length = reader.ReadArrayLength(size);
        return length <= 0 ? [] : MemoryMarshal.Cast<byte, T>(reader.Take(length * size)).ToArray();
    }
}
