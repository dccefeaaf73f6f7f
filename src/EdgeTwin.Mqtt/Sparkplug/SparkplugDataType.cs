namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>Data types of metrics, properties, parameters and columns (Sparkplug 3.0 §6.4.15).</summary>
public enum SparkplugDataType : uint
{
    /// <summary>Not said, or not known.</summary>
    Unknown = 0,

    /// <summary>−128 to 127.</summary>
    Int8 = 1,

    /// <summary>−32,768 to 32,767.</summary>
    Int16 = 2,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 3,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 4,

    /// <summary>0 to 255.</summary>
    UInt8 = 5,

    /// <summary>0 to 65,535.</summary>
    UInt16 = 6,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32 = 7,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64 = 8,

    /// <summary>32-bit floating point.</summary>
    Float = 9,

    /// <summary>64-bit floating point.</summary>
    Double = 10,

    /// <summary>True or false.</summary>
    Boolean = 11,

    /// <summary>UTF-8 text.</summary>
    String = 12,

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    DateTime = 13,

    /// <summary>UTF-8 text, as String.</summary>
    Text = 14,

    /// <summary>A UUID as text.</summary>
    Uuid = 15,

    /// <summary>A table with named, typed columns; only as a metric.</summary>
    DataSet = 16,

    /// <summary>Bytes; only as a metric.</summary>
    Bytes = 17,

    /// <summary>The content of a file, described by the metadata; only as a metric.</summary>
    File = 18,

    /// <summary>A definition or an instance of a type of the user's; only as a metric.</summary>
    Template = 19,

    /// <summary>Properties of a property; only there.</summary>
    PropertySet = 20,

    /// <summary>A list of property sets; only as a property.</summary>
    PropertySetList = 21,

    /// <summary>Signed bytes.</summary>
    Int8Array = 22,

    /// <summary>Little-endian.</summary>
    Int16Array = 23,

    /// <summary>Little-endian.</summary>
    Int32Array = 24,

    /// <summary>Little-endian.</summary>
    Int64Array = 25,

    /// <summary>Unsigned bytes.</summary>
    UInt8Array = 26,

    /// <summary>Little-endian.</summary>
    UInt16Array = 27,

    /// <summary>Little-endian.</summary>
    UInt32Array = 28,

    /// <summary>Little-endian.</summary>
    UInt64Array = 29,

    /// <summary>Little-endian.</summary>
    FloatArray = 30,

    /// <summary>Little-endian.</summary>
    DoubleArray = 31,

    /// <summary>Number of values in four bytes little-endian, then eight to a byte, the first in the highest
    /// bit.</summary>
    BooleanArray = 32,

    /// <summary>Texts, each ended by a zero byte.</summary>
    StringArray = 33,

    /// <summary>Eight bytes each, little-endian: milliseconds since 1970.</summary>
    DateTimeArray = 34,
}
