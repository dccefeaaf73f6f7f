namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>One metric of a payload (§6.4.7). A struct, so that a payload of many costs no allocation each.</summary>
public readonly record struct SparkplugMetric
{
    /// <summary>Its name; with aliases only births say it.</summary>
    public string? Name { get; init; }

    /// <summary>The number that stands for the name in data and commands; unique over an edge node and its
    /// devices.</summary>
    public ulong? Alias { get; init; }

    /// <summary>When the value was true, milliseconds since 1970 in UTC.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>Data type; births always say it, data leave it out.</summary>
    public SparkplugDataType DataType { get; init; }

    /// <summary>The value is of the past and must not replace the current one.</summary>
    public bool IsHistorical { get; init; }

    /// <summary>The value is not to be stored.</summary>
    public bool IsTransient { get; init; }

    /// <summary>There is no value.</summary>
    public bool IsNull { get; init; }

    /// <summary>Absent for none.</summary>
    public SparkplugMetaData? MetaData { get; init; }

    /// <summary>Absent for none.</summary>
    public IReadOnlyList<SparkplugProperty>? Properties { get; init; }

    /// <summary>The value; <see cref="SparkplugField.None"/> when it is null.</summary>
    public SparkplugValue Value { get; init; }
}
