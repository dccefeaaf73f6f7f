namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// Reads a Sparkplug B payload from a hostile world: lengths, text, depth and the number of elements are checked;
/// fields that it does not know are passed over, as the format demands. Everything it returns is a copy.
/// </summary>
/// <remarks>
/// <code>
/// Payload   1 timestamp  2 metric*  3 seq  4 uuid  5 body
/// Metric    1 name  2 alias  3 timestamp  4 datatype  5 is_historical  6 is_transient  7 is_null  8 metadata
///           9 properties  10–18 value
/// </code>
/// </remarks>
public ref struct SparkplugReader
{
    private const int MetricValueOffset = 9;
    private readonly int mostDepth;
    private readonly int mostElements;
    private int elements;

    private SparkplugReader(SparkplugLimits limits)
    {
        mostDepth = limits.MostDepth;
        mostElements = limits.MostElements;
    }

    /// <summary>Reads a payload.</summary>
    /// <exception cref="MqttException">Malformed: not a Sparkplug payload; TooLarge: beyond the limits.</exception>
    public static SparkplugPayload Read(ReadOnlySpan<byte> payload, SparkplugLimits? limits = null) =>
        new SparkplugReader(limits ?? SparkplugLimits.Default).Payload(new ProtobufReader(payload));

    private SparkplugPayload Payload(ProtobufReader fields)
    {
        var metrics = new List<SparkplugMetric>();
        ulong? timestamp = null;
        ulong? sequence = null;
        string? uuid = null;
        ReadOnlyMemory<byte>? body = null; // an array that is null would become an empty body
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1: timestamp = fields.UInt64(); break;
                case 2: metrics.Add(Metric(fields.Message(), 0)); break;
                case 3: sequence = fields.UInt64(); break;
                case 4: uuid = fields.Text(); break;
                case 5: body = fields.Bytes().ToArray(); break;
                default: fields.Skip(); break;
            }
        }
        return new SparkplugPayload
        {
            Timestamp = timestamp,
            Metrics = metrics,
            Sequence = sequence,
            Uuid = uuid,
            Body = body,
        };
    }

    private SparkplugMetric Metric(ProtobufReader fields, int depth)
    {
        Count();
        var metric = new SparkplugMetric();
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1: metric = metric with { Name = fields.Text() }; break;
                case 2: metric = metric with { Alias = fields.UInt64() }; break;
                case 3: metric = metric with { Timestamp = fields.UInt64() }; break;
                case 4: metric = metric with { DataType = (SparkplugDataType)fields.UInt32() }; break;
                case 5: metric = metric with { IsHistorical = fields.Boolean() }; break;
                case 6: metric = metric with { IsTransient = fields.Boolean() }; break;
                case 7: metric = metric with { IsNull = fields.Boolean() }; break;
                case 8: metric = metric with { MetaData = MetaData(fields.Message()) }; break;
                case 9: metric = metric with { Properties = PropertySet(fields.Message(), depth + 1) }; break;
                case 16: metric = metric with { Value = SparkplugValue.From(fields.Bytes().ToArray()) }; break;
                case 17: metric = metric with { Value = SparkplugValue.From(DataSet(fields.Message())) }; break;
                case 18:
                    metric = metric with { Value = SparkplugValue.From(Template(fields.Message(), depth + 1)) };
                    break;
                default:
                    if (TryBasicValue(field, MetricValueOffset, ref fields, out var value))
                        metric = metric with { Value = value };
                    break;
            }
        }
        return metric;
    }

    // The fields that all four kinds of value have in common, in the same order.
    private static bool TryBasicValue(uint number, uint offset, ref ProtobufReader fields, out SparkplugValue value)
    {
        value = default;
        switch (number > offset ? (SparkplugField)Math.Min(number - offset, byte.MaxValue) : SparkplugField.None)
        {
            case SparkplugField.Int: value = SparkplugValue.FromInt(fields.UInt32()); return true;
            case SparkplugField.Long: value = SparkplugValue.FromLong(fields.UInt64()); return true;
            case SparkplugField.Float: value = SparkplugValue.FromFloatBits(fields.Fixed32()); return true;
            case SparkplugField.Double: value = SparkplugValue.FromDoubleBits(fields.Fixed64()); return true;
            case SparkplugField.Boolean: value = SparkplugValue.From(fields.Boolean()); return true;
            case SparkplugField.String: value = SparkplugValue.From(fields.Text()); return true;
            default: fields.Skip(); return false;
        }
    }

    private static SparkplugMetaData MetaData(ProtobufReader fields)
    {
        var data = new SparkplugMetaData();
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1: data = data with { IsMultiPart = fields.Boolean() }; break;
                case 2: data = data with { ContentType = fields.Text() }; break;
                case 3: data = data with { Size = fields.UInt64() }; break;
                case 4: data = data with { Sequence = fields.UInt64() }; break;
                case 5: data = data with { FileName = fields.Text() }; break;
                case 6: data = data with { FileType = fields.Text() }; break;
                case 7: data = data with { Md5 = fields.Text() }; break;
                case 8: data = data with { Description = fields.Text() }; break;
                default: fields.Skip(); break;
            }
        }
        return data;
    }

    private SparkplugProperty[] PropertySet(ProtobufReader fields, int depth)
    {
        CheckDepth(depth);
        var keys = new List<string>();
        var values = new List<(SparkplugDataType Type, SparkplugValue Value)>();
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    Count();
                    keys.Add(fields.Text());
                    break;
                case 2:
                    values.Add(PropertyValue(fields.Message(), depth));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        // tck-id-payloads-propertyset-keys-array-size
        if (keys.Count != values.Count)
            throw ProtobufReader.Malformed($"{keys.Count} property keys for {values.Count} property values");
        return [.. keys.Zip(values, (key, value) => new SparkplugProperty(key, value.Type, value.Value))];
    }

    private (SparkplugDataType Type, SparkplugValue Value) PropertyValue(ProtobufReader fields, int depth)
    {
        Count();
        SparkplugDataType type = default;
        SparkplugValue value = default;
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1: type = (SparkplugDataType)fields.UInt32(); break;
                case 2: fields.Boolean(); break; // is_null: the value is then absent
                case 9: value = SparkplugValue.From(PropertySet(fields.Message(), depth + 1)); break;
                case 10: value = SparkplugValue.From(PropertySets(fields.Message(), depth + 1)); break;
                default:
                    if (TryBasicValue(field, 2, ref fields, out var basic)) value = basic;
                    break;
            }
        }
        return (type, value);
    }

    private SparkplugProperty[][] PropertySets(ProtobufReader fields, int depth)
    {
        CheckDepth(depth);
        var sets = new List<SparkplugProperty[]>();
        while (fields.NextField() is var field and not 0)
        {
            if (field != 1)
            {
                fields.Skip();
                continue;
            }
            Count();
            sets.Add(PropertySet(fields.Message(), depth + 1));
        }
        return [.. sets];
    }

    private SparkplugDataSet DataSet(ProtobufReader fields)
    {
        ulong? columnCount = null;
        var columns = new List<string>();
        var types = new List<SparkplugDataType>();
        var rows = new List<IReadOnlyList<SparkplugValue>>();
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    columnCount = fields.UInt64();
                    break;
                case 2:
                    Count();
                    columns.Add(fields.Text());
                    break;
                case 3:
                    Types(ref fields, types);
                    break;
                case 4:
                    Count();
                    rows.Add(Row(fields.Message()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        if ((columnCount is { } said && said != (ulong)columns.Count) || types.Count != columns.Count)
            throw ProtobufReader.Malformed(
                $"a table of {columnCount} columns with {columns.Count} names and {types.Count} types");
        if (rows.Find(row => row.Count != columns.Count) is { } wrong)
            throw ProtobufReader.Malformed($"a table of {columns.Count} columns with a row of {wrong.Count} cells");
        return new SparkplugDataSet(columns, types, rows);
    }

    private void Types(ref ProtobufReader fields, List<SparkplugDataType> types)
    {
        if (!fields.IsPacked)
        {
            Count();
            types.Add((SparkplugDataType)fields.UInt32());
            return;
        }
        var packed = fields.Message();
        while (!packed.IsAtEnd)
        {
            Count();
            types.Add((SparkplugDataType)packed.PackedUInt32());
        }
    }

    private List<SparkplugValue> Row(ProtobufReader fields)
    {
        var cells = new List<SparkplugValue>();
        while (fields.NextField() is var field and not 0)
        {
            if (field != 1)
            {
                fields.Skip();
                continue;
            }
            Count();
            var cell = fields.Message();
            SparkplugValue value = default;
            while (cell.NextField() is var kind and not 0)
                if (TryBasicValue(kind, 0, ref cell, out var basic)) value = basic;
            cells.Add(value);
        }
        return cells;
    }

    private SparkplugTemplate Template(ProtobufReader fields, int depth)
    {
        CheckDepth(depth);
        string? version = null;
        string? reference = null;
        var isDefinition = false;
        var metrics = new List<SparkplugMetric>();
        var parameters = new List<SparkplugParameter>();
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1: version = fields.Text(); break;
                case 2: metrics.Add(Metric(fields.Message(), depth)); break;
                case 3: parameters.Add(Parameter(fields.Message())); break;
                case 4: reference = fields.Text(); break;
                case 5: isDefinition = fields.Boolean(); break;
                default: fields.Skip(); break;
            }
        }
        return new SparkplugTemplate
        {
            Version = version,
            Metrics = metrics,
            Parameters = parameters,
            TemplateRef = reference,
            IsDefinition = isDefinition,
        };
    }

    private SparkplugParameter Parameter(ProtobufReader fields)
    {
        Count();
        var parameter = new SparkplugParameter();
        while (fields.NextField() is var field and not 0)
        {
            switch (field)
            {
                case 1: parameter = parameter with { Name = fields.Text() }; break;
                case 2: parameter = parameter with { Type = (SparkplugDataType)fields.UInt32() }; break;
                default:
                    if (TryBasicValue(field, 2, ref fields, out var value))
                        parameter = parameter with { Value = value };
                    break;
            }
        }
        return parameter;
    }

    private void Count()
    {
        if (++elements > mostElements)
            throw new MqttException(MqttError.TooLarge, $"a Sparkplug payload has more than {mostElements} elements");
    }

    private readonly void CheckDepth(int depth)
    {
        if (depth > mostDepth)
            throw new MqttException(MqttError.TooLarge, $"a Sparkplug payload is nested deeper than {mostDepth}");
    }
}
