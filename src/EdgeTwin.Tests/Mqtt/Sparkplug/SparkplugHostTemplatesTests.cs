using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>The host's side of templates.</summary>
public class SparkplugHostTemplatesTests
{
    private static readonly SparkplugMetric Speed = new()
    {
        Name = "speed",
        Timestamp = 5,
        DataType = SparkplugDataType.Double,
        Value = SparkplugValue.FromDoubleBits(1),
    };

    [Fact]
    public void Members_of_an_instance_come_as_metrics_below_it()
    {
        var sink = new Sink();
        var host = new SparkplugHostNode(sink);
        Send(host, "NBIRTH", 0, new SparkplugMetric
        {
            Name = "Motor",
            DataType = SparkplugDataType.Template,
            Value = SparkplugValue.From(new SparkplugTemplate { IsDefinition = true, Metrics = [Speed] }),
        });
        Assert.Empty(sink.Values);
        Send(host, "DBIRTH", 1, Instance(Speed) with { Name = "drive", DataType = SparkplugDataType.Template });
        Send(host, "DDATA", 2, Instance(Speed with { DataType = default, Timestamp = null }) with
        {
            IsHistorical = true,
            Timestamp = 9,
        });
        Assert.Equal(["d0 drive/speed Double 5 False", "d0 drive/speed Double 9 True"], sink.Values);
        Assert.True(host.IsBorn);
    }

    private static SparkplugMetric Instance(SparkplugMetric member) => new()
    {
        Alias = 1,
        Value = SparkplugValue.From(new SparkplugTemplate
        {
            IsDefinition = false,
            TemplateRef = "Motor",
            Metrics = [member],
        }),
    };

    private static void Send(SparkplugHostNode host, string type, byte sequence, SparkplugMetric metric)
    {
        var writer = new SparkplugWriter();
        writer.Begin(1, sequence);
        writer.Metric(metric);
        host.Receive(new SparkplugTopic("g", type, "n", type[0] == 'D' ? "d0" : null), writer.Written, 1);
    }

    private sealed class Sink : ISparkplugHostSink
    {
        public List<string> Values { get; } = [];

        public void Data(SparkplugPayload data)
        {
            // Only values count here.
        }

        public void Born(string? device)
        {
            // Only values count here.
        }

        public void Value(
            string? device, string name, SparkplugDataType type, in SparkplugMetric metric, ulong? sent) =>
            Values.Add($"{device} {name} {type} {metric.Timestamp} {metric.IsHistorical}");

        public void Died(string? device) => throw new InvalidOperationException("nobody died");
    }
}
