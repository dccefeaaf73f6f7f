using System.Runtime.InteropServices;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Reads arrays (OPC 10000-6 §5.2.5): a count, then the elements. A null array is read as an empty
/// one.</summary>
public static class UaReaderArrays
{
    public static sbyte[] ReadSByteArray(this ref UaReader reader) => ReadNumbers<sbyte>(ref reader, 1);

    public static byte[] ReadByteArray(this ref UaReader reader) => ReadNumbers<byte>(ref reader, 1);

    public static short[] ReadInt16Array(this ref UaReader reader) => ReadNumbers<short>(ref reader, 2);

    public static ushort[] ReadUInt16Array(this ref UaReader reader) => ReadNumbers<ushort>(ref reader, 2);

    public static int[] ReadInt32Array(this ref UaReader reader) => ReadNumbers<int>(ref reader, 4);

    public static uint[] ReadUInt32Array(this ref UaReader reader) => ReadNumbers<uint>(ref reader, 4);

    public static long[] ReadInt64Array(this ref UaReader reader) => ReadNumbers<long>(ref reader, 8);

    public static ulong[] ReadUInt64Array(this ref UaReader reader) => ReadNumbers<ulong>(ref reader, 8);

    public static float[] ReadFloatArray(this ref UaReader reader) => ReadNumbers<float>(ref reader, 4);

    public static double[] ReadDoubleArray(this ref UaReader reader) => ReadNumbers<double>(ref reader, 8);

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
