using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>The host's side against our own edge node, with messages that get lost on the way.</summary>
public class SparkplugHostNodeTests(ITestOutputHelper log)
{
    [Fact]
    public void After_any_sequence_of_losses_what_the_host_believes_is_what_the_node_said()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var (values, rebirths, deaths) = (0L, 0, 0);
        for (var life = 0; life < 500; life++)
        {
            var pair = new HostAndNode(new Random(seed + life));
            try
            {
                for (var step = 0; step < 200; step++) pair.Step();
                pair.Settle();
            }
            catch (Exception wrong)
            {
                Assert.Fail($"seed {seed}, life {life}: {wrong}");
            }
            (values, rebirths, deaths) = (values + pair.Values, rebirths + pair.Rebirths, deaths + pair.Deaths);
        }
        log.WriteLine($"{values} values, {rebirths} rebirths, {deaths} deaths");
        Assert.True(values > 10_000 && rebirths > 500 && deaths > 500, "control: much of everything has happened");
    }

    [Fact]
    public void The_will_of_an_earlier_connection_does_not_end_the_present_one()
    {
        var pair = new HostAndNode(new Random(1)) { LossPercent = 0 };
        pair.Connect();
        var old = pair.Will;
        pair.Connect();
        pair.Deliver("NDEATH", old);
        Assert.True(pair.Host.IsBorn);
        pair.Deliver("NDEATH", pair.Will);
        Assert.False(pair.Host.IsBorn);
    }

    [Fact]
    public void A_rebirth_is_asked_for_once_in_ten_seconds_whatever_comes()
    {
        var pair = new HostAndNode(new Random(1)) { LossPercent = 0 };
        pair.Connect();
        var asked = 0;
        for (var i = 0; i < 1000; i++)
        {
            pair.Now += 20;
            pair.Deliver("NDATA", [0x18, (byte)(i % 2 == 0 ? 200 : 160), 1]); // seq jumps with each
            if (pair.Host.TryTakeRebirth(pair.Now)) asked++;
        }
        Assert.Equal(2, asked);
    }

    [Fact]
    public void Mutated_payloads_are_taken_or_refused_and_nothing_else()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var pair = new HostAndNode(random) { LossPercent = 0 };
        string[] types = ["NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH", "STATE"];
        pair.IsTrusting = false;
        for (var i = 0; i < 20_000; i++)
        {
            if (i % 50 == 0) pair.Connect();
            var bytes = pair.Last.ToArray();
            for (var j = random.Next(1, 4); j > 0; j--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                pair.Deliver(types[random.Next(types.Length)], bytes);
            }
            catch (MqttException)
            {
                continue;
            }
        }
    }

    /// <summary>A node, a line that loses messages, and a host.</summary>
    private sealed class HostAndNode : ISparkplugMetrics, ISparkplugOutput, ISparkplugHostSink
    {
        private readonly Random random;
        private readonly SparkplugEdgeNode node;
        private readonly Dictionary<string, long> truth = [];
        private readonly Dictionary<string, long> believed = [];
        private long counter;
        private ulong generation;

        public HostAndNode(Random random)
        {
            this.random = random;
            node = new SparkplugEdgeNode(
                new SparkplugEdgeNodeOptions { GroupId = "g", NodeId = "n", Devices = ["d0", "d1"] }, this, this);
            Host = new SparkplugHostNode(this);
            foreach (var name in Names) truth[name] = 0;
        }

        public SparkplugHostNode Host { get; }

        public ulong Now { get; set; } = 1_700_000_000_000;

        public int LossPercent { get; set; } = 3;

        /// <summary>What the host hears is what the node said, not what a mutation made of it.</summary>
        public bool IsTrusting { get; set; } = true;

        public byte[] Will { get; private set; } = [];

        public byte[] Last { get; private set; } = [];

        public long Values { get; private set; }

        public int Rebirths { get; private set; }

        public int Deaths { get; private set; }

        private static IEnumerable<string> Names => from owner in new[] { "", "d0/", "d1/" }
                                                    from metric in new[] { "m0", "m1" }
                                                    select owner + metric;

        public void Connect()
        {
            if (node.State != SparkplugNodeState.Offline) node.ConnectionLost();
            generation++; // aliases are others on each connection
            Will = node.Connect("a", Now).Payload.ToArray();
            node.ConnectionMade();
            node.GiveBirth(Now);
        }

        public void Step()
        {
            Now += (ulong)random.Next(1000);
            Host.Look(Now);
            if (Host.TryTakeRebirth(Now)) AskForBirth();
            switch (random.Next(14))
            {
                case 0 when node.State == SparkplugNodeState.Offline:
                    Connect();
                    break;
                case 1 when node.State == SparkplugNodeState.Online && random.Next(5) == 0:
                    node.ConnectionLost();
                    if (random.Next(5) > 0) Deliver("NDEATH", Will);
                    break;
                case 2 when random.Next(3) == 0:
                    var device = random.Next(2);
                    if (node.Lives(device)) node.DeviceWent(device, Now);
                    else node.DeviceCame(device, Now);
                    break;
                case 3 when random.Next(10) == 0:
                    Host.Connected(Now);
                    break;
                default:
                    var to = random.Next(3) is var which and < 2 ? which : (int?)null;
                    if (node.State == SparkplugNodeState.Online && (to is null || node.Lives(to.Value))) Send(to);
                    break;
            }
        }

        /// <summary>Without losses, the host comes to know everything again.</summary>
        public void Settle()
        {
            LossPercent = 0;
            if (node.State == SparkplugNodeState.Offline) Connect();
            for (var i = 0; i < 60; i++)
            {
                Now += 1000;
                Host.Look(Now);
                Send(null);
                if (Host.TryTakeRebirth(Now)) AskForBirth();
            }
            Assert.True(Host.IsBorn, "the host does not know the node again");
            foreach (var (name, value) in truth)
            {
                var lives = !name.StartsWith('d') || node.Lives(name[1] - '0');
                Assert.Equal(lives ? value : (long?)null, believed.TryGetValue(name, out var known) ? known : null);
            }
        }

        public void Deliver(string type, byte[] payload) => Host.Receive(
            new SparkplugTopic("g", type, "n", type[0] == 'D' ? "d0" : null), payload, Now);

        public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos)
        {
            Last = payload.ToArray();
            if (random.Next(100) < LossPercent) return;
            Assert.True(SparkplugTopic.TryParse(Encoding.UTF8.GetString(topic), out var parts));
            if (IsTrusting) Host.Receive(parts, payload, Now);
        }

        public void Data(SparkplugPayload data)
        {
        }

        public void Born(string? device)
        {
        }

        public void Value(string? device, string name, SparkplugDataType type, in SparkplugMetric metric, ulong? sent)
        {
            if (!IsTrusting || name == SparkplugEdgeNode.RebirthName) return;
            var full = device is null ? name : $"{device}/{name}";
            Assert.Equal(SparkplugDataType.Int64, type);
            Assert.Equal(truth[full], (long)metric.Value.Bits); // never a value under the wrong name
            believed[full] = truth[full];
            Values++;
        }

        public void Died(string? device)
        {
            Deaths++;
            foreach (var name in Names)
                if (device is null || name.StartsWith(device + "/", StringComparison.Ordinal)) believed.Remove(name);
        }

        public void WriteNodeBirth(SparkplugWriter birth, ulong now) => Write("", birth);

        public void WriteDeviceBirth(int device, SparkplugWriter birth, ulong now) => Write($"d{device}/", birth);

        private void AskForBirth()
        {
            Rebirths++;
            if (node.State != SparkplugNodeState.Online || random.Next(100) < LossPercent) return;
            node.ReceiveCommand(node.NodeCommandTopic, SparkplugHostNode.RebirthCommand(Now));
            if (node.ShouldGiveBirth(Now)) node.GiveBirth(Now);
        }

        private void Send(int? device)
        {
            var name = (device is { } rank ? $"d{rank}/" : "") + $"m{random.Next(2)}";
            truth[name] = ++counter;
            node.BeginData(device, Now).Metric(new SparkplugMetric
            {
                Alias = Alias(name),
                Timestamp = Now,
                Value = SparkplugValue.FromInt64(counter),
            });
            node.SendData();
        }

        private void Write(string owner, SparkplugWriter birth)
        {
            for (var i = 0; i < 2; i++)
            {
                birth.Metric(new SparkplugMetric
                {
                    Name = $"m{i}",
                    Alias = Alias($"{owner}m{i}"),
                    Timestamp = Now,
                    DataType = SparkplugDataType.Int64,
                    Value = SparkplugValue.FromInt64(truth[$"{owner}m{i}"]),
                });
            }
        }

        private ulong Alias(string name) =>
            100 + (ulong)Names.Select((known, i) => known == name ? i : 0).Sum() * 7 % 6 + generation % 5;
    }
}
