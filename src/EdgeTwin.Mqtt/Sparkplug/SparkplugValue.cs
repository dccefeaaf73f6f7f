namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// A value as it lies on the wire. What it means follows from its data type, which births say and data leave out, so
/// the type is not part of it. Numbers lie in 64 bits, everything else in a reference; nothing is boxed.
/// </summary>
/// <remarks>
/// Signed integers of up to 32 bits are two's complement in <c>int_value</c>. UInt32 is written as <c>long_value</c>:
/// the specification's table says uint32, yet its own reference code and the hosts in the field write and read 64 bits.
/// Both are read.
/// </remarks>
public readonly record struct SparkplugValue
{
    private readonly object? reference;

    private SparkplugValue(SparkplugField field, ulong bits, object? reference = null) =>
        (Field, Bits, this.reference) = (field, bits, reference);

    /// <summary>In which field it lies.</summary>
    public SparkplugField Field { get; }

    /// <summary>The bits of a number: of 32-bit fields the lower half; 1 for true.</summary>
    public ulong Bits { get; }

    /// <summary>The text of <see cref="SparkplugField.String"/>.</summary>
    public string? Text => reference as string;

    /// <summary>The bytes of <see cref="SparkplugField.Bytes"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => reference as byte[] ?? [];

    /// <summary>The table of <see cref="SparkplugField.DataSet"/>.</summary>
    public SparkplugDataSet? DataSet => reference as SparkplugDataSet;

    /// <summary>The template of <see cref="SparkplugField.Template"/>.</summary>
    public SparkplugTemplate? Template => reference as SparkplugTemplate;

    /// <summary>The properties of <see cref="SparkplugField.PropertySet"/>.</summary>
    public IReadOnlyList<SparkplugProperty>? Properties => reference as SparkplugProperty[];

    /// <summary>The lists of properties of <see cref="SparkplugField.PropertySetList"/>.</summary>
    public IReadOnlyList<IReadOnlyList<SparkplugProperty>>? PropertySets => reference as SparkplugProperty[][];

    /// <summary>For Int8, Int16, Int32.</summary>
    public static SparkplugValue FromInt32(int value) => new(SparkplugField.Int, unchecked((uint)value));

    /// <summary>For UInt8 and UInt16; also reads back a 32-bit field.</summary>
    public static SparkplugValue FromInt(uint bits) => new(SparkplugField.Int, bits);

    /// <summary>For UInt32, UInt64 and DateTime.</summary>
    public static SparkplugValue FromLong(ulong value) => new(SparkplugField.Long, value);

    /// <summary>For Int64.</summary>
    public static SparkplugValue FromInt64(long value) => new(SparkplugField.Long, unchecked((ulong)value));

    /// <summary>For Float, by its bits so that a NaN stays the one it is.</summary>
    public static SparkplugValue FromFloatBits(uint bits) => new(SparkplugField.Float, bits);

    /// <summary>For Double, by its bits so that a NaN stays the one it is.</summary>
    public static SparkplugValue FromDoubleBits(ulong bits) => new(SparkplugField.Double, bits);

    /// <summary>For Boolean.</summary>
    public static SparkplugValue From(bool value) => new(SparkplugField.Boolean, value ? 1u : 0u);

    /// <summary>For String, Text and Uuid.</summary>
    public static SparkplugValue From(string value) => new(SparkplugField.String, 0, value);

    /// <summary>For Bytes, File and the arrays; the array is not copied.</summary>
    public static SparkplugValue From(byte[] value) => new(SparkplugField.Bytes, 0, value);

    /// <summary>For DataSet.</summary>
    public static SparkplugValue From(SparkplugDataSet value) => new(SparkplugField.DataSet, 0, value);

    /// <summary>For Template.</summary>
    public static SparkplugValue From(SparkplugTemplate value) => new(SparkplugField.Template, 0, value);

    /// <summary>For PropertySet.</summary>
    public static SparkplugValue From(SparkplugProperty[] value) => new(SparkplugField.PropertySet, 0, value);

    /// <summary>For PropertySetList.</summary>
    public static SparkplugValue From(SparkplugProperty[][] value) => new(SparkplugField.PropertySetList, 0, value);

    /// <summary>
    /// The value as an integer of the given type, sign- or zero-extended to 64 bits. False when the type is no integer,
    /// the field does not fit it or the number is out of its range: then a command must not be obeyed.
    /// </summary>
    public bool TryGetInteger(SparkplugDataType type, out long value)
    {
        value = Field == SparkplugField.Int && IsSigned(type) ? unchecked((int)(uint)Bits) : unchecked((long)Bits);
        if (Field is not (SparkplugField.Int or SparkplugField.Long)) return false;
        return type switch
        {
            SparkplugDataType.Int8 => Field == SparkplugField.Int && value is >= sbyte.MinValue and <= sbyte.MaxValue,
            SparkplugDataType.Int16 => Field == SparkplugField.Int && value is >= short.MinValue and <= short.MaxValue,
            SparkplugDataType.Int32 => Field == SparkplugField.Int,
            SparkplugDataType.UInt8 => value is >= 0 and <= byte.MaxValue,
            SparkplugDataType.UInt16 => value is >= 0 and <= ushort.MaxValue,
            SparkplugDataType.UInt32 => value is >= 0 and <= uint.MaxValue,
            SparkplugDataType.Int64 => Field == SparkplugField.Long,
            SparkplugDataType.UInt64 or SparkplugDataType.DateTime => true,
            _ => false,
        };
    }

    private static bool IsSigned(SparkplugDataType type) =>
        type is SparkplugDataType.Int8 or SparkplugDataType.Int16 or SparkplugDataType.Int32;
}
