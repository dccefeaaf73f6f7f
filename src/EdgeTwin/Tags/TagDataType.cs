namespace EdgeTwin.Tags;

/// <summary>Data type of a tag. The numbers are the OPC UA built-in type ids (OPC 10000-6 §5.1.2).</summary>
internal enum TagDataType : byte
{
    /// <summary>No value, as in a sample that is bad from the start.</summary>
    None = 0,
    Bool = 1,
    Int8 = 2,
    UInt8 = 3,
    Int16 = 4,
    UInt16 = 5,
    Int32 = 6,
    UInt32 = 7,
    Int64 = 8,
    UInt64 = 9,
    Float32 = 10,
    Float64 = 11,
    String = 12,
}
