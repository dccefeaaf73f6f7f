using System.Globalization;
using System.Text;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>An edge node with two devices of two metrics each, or of an instance of a template with two members, and a
/// host that checks what it says.</summary>
internal sealed class EdgeNodeBench : ISparkplugMetrics
{
    private readonly bool templates;

    public EdgeNodeBench(string? primaryHost = null, bool templates = false)
    {
        this.templates = templates;
        Host = new HostModel("g", "n");
        Output = new HostModel.Output(Host);
        Node = new SparkplugEdgeNode(
            new SparkplugEdgeNodeOptions
            {
                GroupId = "g",
                NodeId = "n",
                Devices = ["d0", "d1"],
                PrimaryHostId = primaryHost,
            },
            this, Output);
    }

    public HostModel Host { get; }

    public HostModel.Output Output { get; }

    public SparkplugEdgeNode Node { get; }

    public ulong Now { get; set; } = 1_700_000_000_000;

    public void Connect(string server = "a")
    {
        Host.Connect(Node.Connect(server, Now));
        Node.ConnectionMade();
        Birth();
    }

    /// <summary>Gives a birth where one is due.</summary>
    public bool Birth()
    {
        if (!Node.ShouldGiveBirth(Now)) return false;
        var largest = Node.LargestBirth(Now);
        Output.LargestBirth = 0;
        Node.GiveBirth(Now);
        Assert.InRange(Output.LargestBirth, largest.Bytes - 10, largest.Bytes); // seq and the header may be shorter
        return true;
    }

    public void Send(int? device, int metrics = 1)
    {
        var data = Node.BeginData(device, Now);
        if (templates && device is not null)
        {
            for (var i = 0; i < metrics; i += 2) WriteInstance(device.Value, null, Math.Min(2, metrics - i), data);
            Node.SendData();
            return;
        }
        for (var i = 0; i < metrics; i++)
        {
            data.Metric(new SparkplugMetric
            {
                Alias = Alias(device, i % 2),
                Timestamp = Now,
                Value = SparkplugValue.FromInt64(i),
            });
        }
        Node.SendData();
    }

    public bool HearHost(bool online, ulong timestamp) => Node.ReceiveHostState(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture,
            $"{{\"online\":{(online ? "true" : "false")},\"timestamp\":{timestamp}}}")));

    public IReadOnlyList<SparkplugCommand> Command(string topic, params SparkplugMetric[] metrics)
    {
        var writer = new SparkplugWriter();
        writer.Begin(Now, null);
        foreach (var metric in metrics) writer.Metric(metric);
        return Node.ReceiveCommand(topic, writer.Written);
    }

    public void AskForBirth() => Command("spBv1.0/g/NCMD/n",
        new SparkplugMetric { Name = SparkplugEdgeNode.RebirthName, Value = SparkplugValue.From(true) });

    public void WriteNodeBirth(SparkplugWriter birth, ulong now)
    {
        Write(null, birth);
        if (!templates) return;
        birth.Metric(new SparkplugMetric
        {
            Name = "Pair",
            Timestamp = now,
            DataType = SparkplugDataType.Template,
            Value = SparkplugValue.From(new SparkplugTemplate
            {
                IsDefinition = true,
                Metrics = [Member(0) with { IsNull = true, Value = default }, Member(1)],
            }),
        });
    }

    public void WriteDeviceBirth(int device, SparkplugWriter birth, ulong now)
    {
        if (templates) WriteInstance(device, "unit", 2, birth);
        else Write(device, birth);
    }

    private void WriteInstance(int device, string? name, int members, SparkplugWriter into)
    {
        into.BeginInstance(
            new SparkplugMetric
            {
                Name = name,
                Alias = Alias(device, 0),
                Timestamp = Now,
                DataType = SparkplugDataType.Template,
            },
            "Pair");
        for (var i = 0; i < members; i++) into.Member(Member(i));
        into.EndInstance();
    }

    private SparkplugMetric Member(int i) => new()
    {
        Name = $"m{i}",
        Timestamp = Now,
        DataType = SparkplugDataType.Int64,
        Value = SparkplugValue.FromInt64(i),
    };

    private void Write(int? device, SparkplugWriter birth)
    {
        for (var i = 0; i < 2; i++)
        {
            birth.Metric(new SparkplugMetric
            {
                Name = $"m{i}",
                Alias = Alias(device, i),
                Timestamp = Now,
                DataType = SparkplugDataType.Int64,
                IsNull = i == 1,
                Value = i == 1 ? default : SparkplugValue.FromInt64(0),
            });
        }
    }

    private static ulong Alias(int? device, int metric) => (ulong)(10 * (1 + (device ?? 8)) + metric);
}
