using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>A thousand lives of an edge node, each with reconnects, rebirths, hosts that come and go and devices that
/// fail, at every moment; the host model checks every message.</summary>
public class SparkplugEdgeNodePropertyTests(ITestOutputHelper log)
{
    [Fact]
    public void Births_seq_bdSeq_and_aliases_are_right_after_any_sequence_of_events()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var births = 0;
        var data = 0;
        var deaths = 0;
        var instances = 0;
        for (var life = 0; life < 1000; life++)
        {
            var bench = new EdgeNodeBench(life % 2 == 0 ? null : "scada", templates: life % 4 > 1);
            try
            {
                Live(bench, new Random(seed + life));
            }
            catch (Exception error) when (error is not MqttException)
            {
                Assert.Fail($"seed {seed}, life {life}, after {string.Join(' ', bench.Output.Types)}: {error}");
            }
            births += bench.Host.Births;
            data += bench.Host.DataMetrics;
            deaths += bench.Host.Deaths;
            instances += bench.Host.Instances;
        }
        log.WriteLine($"{births} births, {data} data metrics, {deaths} deaths, {instances} instances");
        Assert.True(births > 3000 && data > 20_000 && deaths > 500 && instances > 10_000,
            "control: much of everything has happened");
    }

    private static void Live(EdgeNodeBench bench, Random random)
    {
        var node = bench.Node;
        var hostTime = 1000ul;
        for (var step = 0; step < 200; step++)
        {
            bench.Now += (ulong)random.Next(2000);
            bench.Output.IsBroken = random.Next(40) == 0;
            try
            {
                Step(bench, random, ref hostTime);
            }
            catch (MqttException)
            {
                node.ConnectionLost(); // a broken connection, in the middle of whatever it was
            }
            bench.Output.IsBroken = false;
            Assert.False(node.State == SparkplugNodeState.Online && !node.IsHostOnline);
        }
    }

    private static void Step(EdgeNodeBench bench, Random random, ref ulong hostTime)
    {
        var node = bench.Node;
        switch (random.Next(12))
        {
            case 0 when node.State == SparkplugNodeState.Offline:
            case 1 when node.State == SparkplugNodeState.Offline:
                bench.Connect(random.Next(4) == 0 ? "b" : "a");
                break;
            case 2 when random.Next(6) == 0:
                node.ConnectionLost();
                break;
            case 3 when random.Next(8) == 0:
                node.Leave(bench.Now);
                node.ConnectionLost();
                break;
            case 4 or 5 when node.State != SparkplugNodeState.Offline && node.HostStateTopic is not null:
                var online = random.Next(3) != 0;
                hostTime += (ulong)random.Next(3);
                var said = random.Next(5) == 0 ? hostTime - 2 : hostTime;
                if (bench.HearHost(online, said))
                {
                    node.Leave(bench.Now);
                    node.ConnectionLost();
                }
                else bench.Birth();
                break;
            case 6 when node.State == SparkplugNodeState.Online:
                bench.AskForBirth();
                bench.Birth();
                break;
            case 7:
                var device = random.Next(2);
                if (node.Lives(device)) node.DeviceWent(device, bench.Now);
                else node.DeviceCame(device, bench.Now);
                break;
            default:
                var to = random.Next(3) is var which and < 2 ? which : (int?)null;
                if (node.State == SparkplugNodeState.Online && (to is null || node.Lives(to.Value)))
                    bench.Send(to, random.Next(1, 5));
                break;
        }
    }
}
