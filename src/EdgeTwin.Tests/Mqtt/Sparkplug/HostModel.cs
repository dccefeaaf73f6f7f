using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>
/// A host application that believes nothing: it takes an edge node's messages in order and checks each against the
/// specification, from the host's side and with code of its own. Fails the test at the first thing that is wrong. A
/// host behind a broker sees no CONNECT; then a birth tells which <c>bdSeq</c> counts.
/// </summary>
internal sealed class HostModel(string group, string node)
{
    private readonly Dictionary<string, Dictionary<ulong, string>> births = [];
    private readonly Dictionary<ulong, string> aliases = [];
    private readonly TemplateModel templates = new();
    private long? will;
    private long? born;
    private int expected;

    public int Births { get; private set; }

    public int DeviceBirths { get; private set; }

    public int DeviceDeaths { get; private set; }

    public int Deaths { get; private set; }

    public int DataMetrics { get; private set; }

    /// <summary>Instances of templates in births and data.</summary>
    public int Instances => templates.Instances;

    /// <summary>The values of data, by device and name, in order of arrival; a member's name is
    /// instance/member.</summary>
    public List<(string Device, string Name, SparkplugMetric Metric)> Data { get; } = [];

    /// <summary>A CONNECT with this will.</summary>
    public void Connect(MqttWill message)
    {
        Assert.Equal($"spBv1.0/{group}/NDEATH/{node}", message.Topic);
        Assert.Equal((MqttQos.AtLeastOnce, false), (message.Qos, message.Retain));
        var next = DeathOf(message.Payload.Span);
        Assert.Equal(will is { } last ? (last + 1) % 256 : 0, next);
        will = next;
        born = null;
        births.Clear();
    }

    public void Take(string topic, ReadOnlySpan<byte> bytes, MqttQos qos)
    {
        var levels = topic.Split('/');
        Assert.Equal(("spBv1.0", group, node), (levels[0], levels[1], levels[3]));
        var type = levels[2];
        Assert.Equal(type is "DBIRTH" or "DDATA" or "DDEATH" ? 5 : 4, levels.Length);
        Assert.Equal(type == "NDEATH" ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce, qos);
        if (type == "NDEATH")
        {
            Assert.NotNull(born);
            Assert.Equal(born, DeathOf(bytes));
            born = null;
            Deaths++;
            return;
        }
        var payload = SparkplugReader.Read(bytes);
        Assert.NotNull(payload.Timestamp);
        if (type == "NBIRTH") expected = 0;
        else Assert.NotNull(born);
        Assert.Equal((ulong)expected, payload.Sequence);
        expected = (expected + 1) % 256;
        var device = levels.Length == 5 ? levels[4] : "";
        switch (type)
        {
            case "NBIRTH": NodeBirth(payload); break;
            case "DBIRTH":
                DeviceBirths++;
                Birth(device, payload);
                break;
            case "DDEATH":
                DeviceDeaths++;
                Assert.True(births.Remove(device), $"{device} died unborn");
                Assert.Empty(payload.Metrics);
                break;
            case "NDATA" or "DDATA": TakeData(device, payload); break;
            default: Assert.Fail($"unexpected {topic}"); break;
        }
    }

    private void NodeBirth(SparkplugPayload payload)
    {
        births.Clear();
        aliases.Clear();
        templates.Define(payload.Metrics);
        Births++;
        var rebirth = Assert.Single(payload.Metrics, metric => metric.Name == "Node Control/Rebirth");
        Assert.Equal((SparkplugDataType.Boolean, SparkplugValue.From(false), (ulong?)null),
            (rebirth.DataType, rebirth.Value, rebirth.Alias));
        var bdSeq = Assert.Single(payload.Metrics, metric => metric.Name == "bdSeq");
        Assert.Equal(SparkplugDataType.Int64, bdSeq.DataType);
        born = (long)bdSeq.Value.Bits;
        if (will is not null) Assert.Equal(will, born);
        Birth("", payload);
    }

    private void Birth(string device, SparkplugPayload payload)
    {
        var metrics = births[device] = [];
        foreach (var metric in payload.Metrics)
        {
            Assert.NotNull(metric.Name);
            Assert.NotNull(metric.Timestamp);
            Assert.InRange((uint)metric.DataType, 1u, 34u);
            Assert.NotEqual(metric.IsNull, metric.Value.Field != SparkplugField.None);
            Assert.False(metric.IsHistorical);
            if (metric.Value.Template is { IsDefinition: true }) Assert.Equal("", device); // only NBIRTH has them
            if (metric.Value.Template is { IsDefinition: false }) templates.Born(device, metric);
            if (metric.Alias is not { } alias) continue;
            Assert.True(aliases.TryAdd(alias, $"{device}/{metric.Name}")
                || aliases[alias] == $"{device}/{metric.Name}", $"alias {alias} stands for two metrics");
            metrics.Add(alias, metric.Name!);
        }
    }

    private void TakeData(string device, SparkplugPayload payload)
    {
        Assert.NotEmpty(payload.Metrics);
        ulong newest = 0;
        foreach (var metric in payload.Metrics)
        {
            Assert.Null(metric.Name);
            Assert.Equal(metric.Value.Template is null ? SparkplugDataType.Unknown : SparkplugDataType.Template,
                metric.DataType);
            Assert.NotNull(metric.Timestamp);
            Assert.True(births.TryGetValue(device, out var known), $"data of {device} before its birth");
            Assert.True(known.ContainsKey(metric.Alias!.Value), $"alias {metric.Alias} was in no birth");
            Assert.NotEqual(metric.IsNull, metric.Value.Field != SparkplugField.None);
            if (!metric.IsHistorical) Assert.True(metric.Timestamp >= newest, "time went back within a payload");
            if (!metric.IsHistorical) newest = metric.Timestamp.Value;
            var name = known[metric.Alias.Value];
            if (metric.Value.Template is null) Data.Add((device, name, metric));
            else Data.AddRange(templates.Changed(device, name, metric).Select(member =>
                (device, $"{name}/{member.Name}", member with { IsHistorical = metric.IsHistorical })));
            DataMetrics = Data.Count;
        }
    }

    private static long DeathOf(ReadOnlySpan<byte> bytes)
    {
        var payload = SparkplugReader.Read(bytes);
        Assert.Null(payload.Sequence);
        var metric = Assert.Single(payload.Metrics);
        Assert.Equal(("bdSeq", SparkplugDataType.Int64), (metric.Name, metric.DataType));
        return (long)metric.Value.Bits;
    }

    /// <summary>An output that hands everything to a model.</summary>
    internal sealed class Output(HostModel host) : ISparkplugOutput
    {
        /// <summary>Types in order, such as <c>NBIRTH</c>.</summary>
        public List<string> Types { get; } = [];

        /// <summary>Topic and payload of the largest birth since this was set.</summary>
        public int LargestBirth { get; set; }

        /// <summary>The connection breaks at the next message.</summary>
        public bool IsBroken { get; set; }

        public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos)
        {
            if (IsBroken) throw new MqttException(MqttError.NotConnected, "broken");
            var text = Encoding.UTF8.GetString(topic);
            host.Take(text, payload, qos);
            Types.Add(text.Split('/')[2]);
            if (Types[^1].EndsWith("BIRTH", StringComparison.Ordinal))
                LargestBirth = Math.Max(LargestBirth, topic.Length + payload.Length);
        }
    }
}
