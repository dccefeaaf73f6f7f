namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>Sparkplug against a mosquitto that takes packets of 10,000 bytes: with MQTT 5 it says so, with 3.1.1 it
/// closes the connection without a word.</summary>
public class SparkplugOversizeTests
{
    private const string Limit = "max_packet_size 10000";
    private const int Away = 1302;
    private const int Refused = 1305;
    private const int Born = 1321;

    [Theory]
    [InlineData("3.1.1", false)]
    [InlineData("5", false)]
    [InlineData("5", true)]
    public async Task What_is_too_large_is_split_or_given_up_and_all_else_arrives(string protocol, bool templates)
    {
        await using var broker = await MosquittoBroker.StartAsync($"allow_anonymous true\n{Limit}");
        await using var audit = new SparkplugAudit(broker.Port);
        audit.Start();
        await using var bench = new SparkplugBench(
            SparkplugBench.Config(broker.Port, "audit") with { Protocol = protocol, Templates = templates }, texts: 1);
        for (var round = 0; round < 10; round++) await bench.AppendAsync(100); // a message of more than 10,000 bytes
        await bench.AppendTextAsync(20_000); // the 1001st, which can never pass
        await bench.AppendAsync(99);
        bench.Pump.Start();
        await bench.DrainedAsync();
        await audit.UntilAsync(1100);
        Assert.Null(audit.Fault);
        Assert.Equal(1, audit.Missing(1101));
        var status = bench.Pump.Status();
        Assert.Equal([("refused", 1L)], status.Lost.Select(loss => (loss.Key, loss.Value)));
        Assert.Contains("bytes", status.LastRefusal, StringComparison.Ordinal);
        Assert.Equal(1, bench.Log.Count(Refused));
    }

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5")]
    public async Task A_birth_that_is_too_large_is_said_once_and_everything_waits_until_it_may_go(string protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync($"allow_anonymous true\n{Limit}");
        await using var audit = new SparkplugAudit(broker.Port);
        audit.Start();
        await using var bench = new SparkplugBench(
            SparkplugBench.Config(broker.Port, "audit") with { Protocol = protocol }, texts: 200);
        bench.Pump.Start();
        await bench.AppendAsync(20);
        await bench.UntilAsync(() => bench.Pump.Status().LastError is not null);
        var error = bench.Pump.Status().LastError!;
        Assert.Contains("birth", error, StringComparison.Ordinal);
        Assert.Contains("components", error, StringComparison.Ordinal);
        if (protocol == "5")
        {
            Assert.Contains("DBIRTH/gw/pump-7", error, StringComparison.Ordinal);
            Assert.Contains("10000", error, StringComparison.Ordinal);
            Assert.Equal(0, audit.Host.Births); // not even the NBIRTH, which is small
        }
        Assert.Equal((20, 0), (bench.Pump.Status().LagSamples, bench.Pump.Status().Lost.Count));
        Assert.Equal((1, 0), (bench.Log.Count(Away), bench.Log.Count(Born)));

        broker.Replace(Limit, "max_packet_size 100000");
        await broker.KillAsync();
        await broker.StartAsync();
        await bench.DrainedAsync();
        Assert.Equal((1, 1), (bench.Log.Count(Away), bench.Log.Count(Born)));
        await audit.UntilAsync(20);
        Assert.Equal(0, audit.Missing(20));
    }
}
