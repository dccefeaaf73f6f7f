using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>What a host knows of an edge node's templates: definitions of the last NBIRTH and the instances of births;
/// fails the test where a definition or an instance is not as §6.4.15 has it.</summary>
internal sealed class TemplateModel
{
    private readonly Dictionary<string, Dictionary<string, SparkplugDataType>> definitions = [];
    private readonly Dictionary<(string Device, string Name), string> instances = [];

    /// <summary>Instances so far, in births and data.</summary>
    public int Instances { get; private set; }

    /// <summary>An NBIRTH: what it does not define is not known any more.</summary>
    public void Define(IEnumerable<SparkplugMetric> metrics)
    {
        definitions.Clear();
        instances.Clear();
        foreach (var metric in metrics)
        {
            if (metric.Value.Template is not { IsDefinition: true } definition) continue;
            Assert.Equal(SparkplugDataType.Template, metric.DataType);
            Assert.Null(definition.TemplateRef);
            var members = new Dictionary<string, SparkplugDataType>();
            foreach (var member in definition.Metrics)
            {
                CheckMember(member);
                Assert.True(members.TryAdd(member.Name!, member.DataType), $"{member.Name} is in {metric.Name} twice");
            }
            Assert.True(definitions.TryAdd(metric.Name!, members), $"{metric.Name} is defined twice");
        }
    }

    /// <summary>An instance in a birth: it has all members.</summary>
    public void Born(string device, SparkplugMetric metric)
    {
        instances[(device, metric.Name!)] = metric.Value.Template!.TemplateRef!;
        Assert.Equal(SparkplugDataType.Template, metric.DataType);
        Assert.Equal(DefinitionOf(metric).Keys.Order(), Members(metric).Select(member => member.Name!).Order());
    }

    /// <summary>An instance in data: it has some members, each once.</summary>
    public IReadOnlyList<SparkplugMetric> Changed(string device, string name, SparkplugMetric metric)
    {
        Assert.Equal(instances[(device, name)], metric.Value.Template!.TemplateRef);
        var members = Members(metric);
        Assert.NotEmpty(members);
        Assert.Equal(members.Count, members.Select(member => member.Name).Distinct().Count());
        return members;
    }

    private IReadOnlyList<SparkplugMetric> Members(SparkplugMetric metric)
    {
        Instances++;
        var definition = DefinitionOf(metric);
        foreach (var member in metric.Value.Template!.Metrics)
        {
            CheckMember(member);
            Assert.True(definition.TryGetValue(member.Name!, out var type), $"{member.Name} is not in the definition");
            Assert.Equal(type, member.DataType);
            Assert.True(member.Timestamp <= metric.Timestamp, $"{member.Name} is newer than its instance");
        }
        return metric.Value.Template.Metrics;
    }

    private Dictionary<string, SparkplugDataType> DefinitionOf(SparkplugMetric metric)
    {
        Assert.False(metric.Value.Template!.IsDefinition);
        Assert.True(definitions.TryGetValue(metric.Value.Template.TemplateRef!, out var definition),
            $"{metric.Name} is a {metric.Value.Template.TemplateRef}, which the NBIRTH does not define");
        return definition;
    }

    private static void CheckMember(SparkplugMetric member)
    {
        Assert.NotNull(member.Name);
        Assert.Null(member.Alias);
        Assert.NotNull(member.Timestamp);
        Assert.False(member.IsHistorical);
        Assert.InRange((uint)member.DataType, 1u, 34u);
        Assert.NotEqual(member.IsNull, member.Value.Field != SparkplugField.None);
    }
}
