namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// In which field of the <c>value</c> choice a value lies. The order is that of the format, so that a field's number is
/// its rank here plus an offset (metric 9, property and parameter 2, cell of a table 0) as far as
/// <see cref="String"/>.
/// </summary>
public enum SparkplugField : byte
{
    /// <summary>No value: null, or the sender left it out.</summary>
    None = 0,

    /// <summary><c>int_value</c>, 32 bits.</summary>
    Int = 1,

    /// <summary><c>long_value</c>, 64 bits.</summary>
    Long = 2,

    /// <summary><c>float_value</c>.</summary>
    Float = 3,

    /// <summary><c>double_value</c>.</summary>
    Double = 4,

    /// <summary><c>boolean_value</c>.</summary>
    Boolean = 5,

    /// <summary><c>string_value</c>.</summary>
    String = 6,

    /// <summary><c>bytes_value</c>, of metrics.</summary>
    Bytes = 7,

    /// <summary><c>dataset_value</c>, of metrics.</summary>
    DataSet = 8,

    /// <summary><c>template_value</c>, of metrics.</summary>
    Template = 9,

    /// <summary><c>propertyset_value</c>, of properties.</summary>
    PropertySet = 10,

    /// <summary><c>propertysets_value</c>, of properties.</summary>
    PropertySetList = 11,
}
