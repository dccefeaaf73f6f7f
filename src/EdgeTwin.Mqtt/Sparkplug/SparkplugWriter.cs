namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// Writes Sparkplug B payloads into one buffer that is used again, so that a payload of metrics whose properties are
/// known beforehand allocates nothing. <see cref="SparkplugReader"/> has the layout.
/// </summary>
/// <remarks>Not thread-safe. <see cref="Begin"/>, then the metrics; <see cref="Written"/> is valid until the next
/// <see cref="Begin"/>.</remarks>
public sealed class SparkplugWriter
{
    private const int MetricValueOffset = 9;
    private readonly ProtobufWriter target = new();
    private int instanceBegin;
    private int membersBegin;
    private string? instanceOf;

    /// <summary>The payload so far.</summary>
    public ReadOnlySpan<byte> Written => target.Written;

    /// <summary>The payload so far.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => target.WrittenMemory;

    /// <summary>Bytes so far.</summary>
    public int Length => target.Length;

    /// <summary>An instance of a template was begun and not ended.</summary>
    public bool IsInstanceOpen => instanceOf is not null;

    /// <summary>Begins a payload.</summary>
    /// <param name="timestamp">When it is sent, milliseconds since 1970; absent in commands that leave it out.</param>
    /// <param name="sequence">0–255; absent in NDEATH and in commands.</param>
    public void Begin(ulong? timestamp, byte? sequence)
    {
        Clear();
        if (timestamp is { } time) target.UInt64(1, time);
        if (sequence is { } number) target.UInt64(3, number);
    }

    /// <summary>Writes a payload that was read, or made by hand.</summary>
    public void Write(SparkplugPayload payload)
    {
        Clear();
        if (payload.Timestamp is { } time) target.UInt64(1, time);
        foreach (var metric in payload.Metrics) Metric(metric);
        if (payload.Sequence is { } number) target.UInt64(3, number);
        if (payload.Uuid is { } uuid) target.Text(4, uuid);
        if (payload.Body is { } body) target.Bytes(5, body.Span);
    }

    /// <summary>Adds a metric.</summary>
    public void Metric(in SparkplugMetric metric) => Metric(2, metric);

    /// <summary>Begins a metric whose value is an instance of a template; its members follow with
    /// <see cref="Member"/>, then <see cref="EndInstance"/>. One at a time.</summary>
    /// <param name="metric">The metric; its value does not count.</param>
    /// <param name="templateRef">Name of the definition.</param>
    /// <exception cref="InvalidOperationException">One is open.</exception>
    public void BeginInstance(in SparkplugMetric metric, string templateRef)
    {
        if (IsInstanceOpen) throw new InvalidOperationException("an instance is open");
        instanceBegin = target.Begin(2);
        Head(metric);
        membersBegin = target.Begin(MetricValueOffset + (int)SparkplugField.Template);
        instanceOf = templateRef;
    }

    /// <summary>Adds a member to the instance that is open: by its name, for an alias stands for a metric
    /// only.</summary>
    /// <exception cref="InvalidOperationException">None is open.</exception>
    public void Member(in SparkplugMetric member)
    {
        if (!IsInstanceOpen) throw new InvalidOperationException("no instance is open");
        Metric(2, member);
    }

    /// <summary>Ends the instance.</summary>
    /// <exception cref="InvalidOperationException">None is open.</exception>
    public void EndInstance()
    {
        if (instanceOf is not { } reference) throw new InvalidOperationException("no instance is open");
        TemplateTail(reference, isDefinition: false);
        target.End(membersBegin);
        target.End(instanceBegin);
        instanceOf = null;
    }

    /// <summary>Adds bytes beside the metrics; at most once.</summary>
    public void Body(ReadOnlySpan<byte> body) => target.Bytes(5, body);

    /// <summary>Gives up what was added beyond a length that <see cref="Length"/> had; an instance that began since
    /// then is gone. Not back across the end of an instance, which moves bytes.</summary>
    public void Truncate(int length)
    {
        target.Truncate(length);
        if (IsInstanceOpen && length < membersBegin) instanceOf = null;
    }

    private void Clear()
    {
        target.Clear();
        instanceOf = null;
    }

    private void Metric(int field, in SparkplugMetric metric)
    {
        var begin = target.Begin(field);
        Head(metric);
        if (!metric.IsNull) Value(MetricValueOffset, metric.Value);
        target.End(begin);
    }

    private void Head(in SparkplugMetric metric)
    {
        if (metric.Name is { } name) target.Text(1, name);
        if (metric.Alias is { } alias) target.UInt64(2, alias);
        if (metric.Timestamp is { } time) target.UInt64(3, time);
        if (metric.DataType != SparkplugDataType.Unknown) target.UInt64(4, (uint)metric.DataType);
        if (metric.IsHistorical) target.Boolean(5, true);
        if (metric.IsTransient) target.Boolean(6, true);
        if (metric.IsNull) target.Boolean(7, true);
        if (metric.MetaData is { } data) MetaData(8, data);
        if (metric.Properties is { } properties) PropertySet(9, properties);
    }

    private void Value(int offset, in SparkplugValue value)
    {
        var field = offset + (int)value.Field;
        switch (value.Field)
        {
            case SparkplugField.None:
                break;
            case SparkplugField.Int or SparkplugField.Long or SparkplugField.Boolean:
                target.UInt64(field, value.Bits);
                break;
            case SparkplugField.Float:
                target.Fixed32(field, (uint)value.Bits);
                break;
            case SparkplugField.Double:
                target.Fixed64(field, value.Bits);
                break;
            case SparkplugField.String:
                target.Text(field, value.Text!);
                break;
            case SparkplugField.Bytes when offset == MetricValueOffset:
                target.Bytes(field, value.Bytes.Span);
                break;
            case SparkplugField.DataSet when offset == MetricValueOffset:
                DataSet(field, value.DataSet!);
                break;
            case SparkplugField.Template when offset == MetricValueOffset:
                Template(field, value.Template!);
                break;
            default:
                throw new ArgumentException($"a value of kind {value.Field} does not belong here", nameof(value));
        }
    }

    private void MetaData(int field, SparkplugMetaData data)
    {
        var begin = target.Begin(field);
        if (data.IsMultiPart is { } parts) target.Boolean(1, parts);
        if (data.ContentType is { } content) target.Text(2, content);
        if (data.Size is { } size) target.UInt64(3, size);
        if (data.Sequence is { } sequence) target.UInt64(4, sequence);
        if (data.FileName is { } file) target.Text(5, file);
        if (data.FileType is { } type) target.Text(6, type);
        if (data.Md5 is { } md5) target.Text(7, md5);
        if (data.Description is { } text) target.Text(8, text);
        target.End(begin);
    }

    private void PropertySet(int field, IReadOnlyList<SparkplugProperty> properties)
    {
        var begin = target.Begin(field);
        for (var i = 0; i < properties.Count; i++) target.Text(1, properties[i].Key);
        for (var i = 0; i < properties.Count; i++) Property(properties[i]);
        target.End(begin);
    }

    private void Property(in SparkplugProperty property)
    {
        var begin = target.Begin(2);
        target.UInt64(1, (uint)property.Type);
        switch (property.Value.Field)
        {
            case SparkplugField.None:
                target.Boolean(2, true);
                break;
            case SparkplugField.PropertySet:
                PropertySet(9, property.Value.Properties!);
                break;
            case SparkplugField.PropertySetList:
                var list = target.Begin(10);
                foreach (var set in property.Value.PropertySets!) PropertySet(1, set);
                target.End(list);
                break;
            default:
                Value(2, property.Value);
                break;
        }
        target.End(begin);
    }

    private void DataSet(int field, SparkplugDataSet table)
    {
        var begin = target.Begin(field);
        target.UInt64(1, (ulong)table.Columns.Count);
        foreach (var column in table.Columns) target.Text(2, column);
        foreach (var type in table.Types) target.UInt64(3, (uint)type);
        foreach (var row in table.Rows)
        {
            var rowBegin = target.Begin(4);
            foreach (var cell in row)
            {
                var cellBegin = target.Begin(1);
                Value(0, cell);
                target.End(cellBegin);
            }
            target.End(rowBegin);
        }
        target.End(begin);
    }

    private void Template(int field, SparkplugTemplate template)
    {
        var begin = target.Begin(field);
        if (template.Version is { } version) target.Text(1, version);
        foreach (var metric in template.Metrics) Metric(2, metric);
        foreach (var parameter in template.Parameters)
        {
            var parameterBegin = target.Begin(3);
            if (parameter.Name is { } name) target.Text(1, name);
            if (parameter.Type != SparkplugDataType.Unknown) target.UInt64(2, (uint)parameter.Type);
            Value(2, parameter.Value);
            target.End(parameterBegin);
        }
        TemplateTail(template.TemplateRef, template.IsDefinition);
        target.End(begin);
    }

    // is_definition is there even where it is false (tck-id-payloads-template-is-definition).
    private void TemplateTail(string? reference, bool isDefinition)
    {
        if (reference is not null) target.Text(4, reference);
        target.Boolean(5, isDefinition);
    }
}
