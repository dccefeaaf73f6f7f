using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

public class SparkplugEdgeNodeTests
{
    [Fact]
    public void A_session_is_birth_data_and_death()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        bench.Send(0, 3);
        bench.Send(null);
        bench.Node.Leave(bench.Now);
        Assert.Equal(["NBIRTH", "DBIRTH", "DBIRTH", "DDATA", "NDATA", "NDEATH"], bench.Output.Types);
        Assert.Throws<InvalidOperationException>(() => bench.Send(0));
    }

    [Fact]
    public void The_sequence_wraps_from_255_to_0()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        for (var i = 0; i < 600; i++) bench.Send(i % 2);
        Assert.Equal(600, bench.Host.DataMetrics); // the host has checked every number
    }

    [Fact]
    public void BdSeq_counts_connections_and_wraps_from_255_to_0()
    {
        var bench = new EdgeNodeBench();
        for (var i = 0; i < 600; i++)
        {
            bench.Connect();
            bench.Node.ConnectionLost();
        }
        Assert.Equal(599 % 256, bench.Node.BirthDeath);
    }

    [Fact]
    public void With_a_primary_host_nothing_is_born_before_it_is_online()
    {
        var bench = new EdgeNodeBench("scada");
        Assert.Equal("spBv1.0/STATE/scada", bench.Node.HostStateTopic);
        bench.Connect();
        Assert.False(bench.HearHost(online: false, 100));
        Assert.False(bench.Birth());
        foreach (var bad in (string[])
            [
                "", "ONLINE", "{}", "{\"online\":true}", "{\"online\":\"true\",\"timestamp\":200}",
                "{\"online\":true,\"timestamp\":\"200\"}", "{\"online\":true,\"timestamp\":-1}",
                "{\"online\":true,\"timestamp\":200}x", "[true,200]",
            ])
        {
            Assert.False(bench.Node.ReceiveHostState(System.Text.Encoding.UTF8.GetBytes(bad)));
            Assert.False(bench.Birth(), bad);
        }
        bench.HearHost(online: true, 99); // older than what was seen
        Assert.False(bench.Birth());
        bench.HearHost(online: true, 100);
        Assert.True(bench.Birth());
        Assert.Equal(9, bench.Node.BadMessages);
    }

    [Fact]
    public void A_primary_host_that_goes_offline_ends_the_session_unless_its_message_is_old()
    {
        var bench = new EdgeNodeBench("scada");
        bench.Connect();
        bench.HearHost(online: true, 100);
        bench.Birth();
        Assert.False(bench.HearHost(online: false, 99)); // the will of its connection before
        bench.Send(0);
        Assert.True(bench.HearHost(online: false, 100));
        bench.Node.Leave(bench.Now);
        Assert.Equal("NDEATH", bench.Output.Types[^1]);
    }

    [Fact]
    public void What_a_host_said_on_one_broker_counts_there_only()
    {
        var bench = new EdgeNodeBench("scada");
        bench.Connect("a");
        bench.HearHost(online: true, 100);
        Assert.True(bench.Birth());
        bench.Node.ConnectionLost();
        bench.Connect("a");
        Assert.False(bench.Birth()); // each session hears it anew
        bench.HearHost(online: true, 50);
        Assert.False(bench.Birth());
        bench.Node.ConnectionLost();
        bench.Connect("b");
        bench.HearHost(online: true, 50);
        Assert.True(bench.Birth());
    }

    [Fact]
    public void A_rebirth_is_complete_and_keeps_bdSeq()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        bench.Send(0);
        bench.AskForBirth();
        Assert.True(bench.Birth());
        bench.Send(1);
        Assert.Equal(["NBIRTH", "DBIRTH", "DBIRTH", "DDATA", "NBIRTH", "DBIRTH", "DBIRTH", "DDATA"],
            bench.Output.Types);
        Assert.Equal(0, bench.Node.BirthDeath);
    }

    [Theory]
    [InlineData(SparkplugField.Boolean, 0)]
    [InlineData(SparkplugField.Int, 1)]
    public void Rebirth_is_asked_for_with_the_value_true_only(SparkplugField field, uint bits)
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        var value = field == SparkplugField.Boolean ? SparkplugValue.From(bits == 1) : SparkplugValue.FromInt(bits);
        bench.Command("spBv1.0/g/NCMD/n", new SparkplugMetric { Name = SparkplugEdgeNode.RebirthName, Value = value });
        Assert.False(bench.Node.IsRebirthDue);
    }

    [Fact]
    public void A_storm_of_rebirths_is_answered_by_few_births()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        for (var i = 0; i < 2000; i++) // 200 a second for ten seconds
        {
            bench.AskForBirth();
            bench.Birth();
            bench.Send(0);
            bench.Now += 5;
        }
        Assert.InRange(bench.Host.Births, 10, 17);
        Assert.Equal(2000, bench.Host.DataMetrics);
    }

    [Fact]
    public void A_device_that_goes_and_comes_says_so()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        bench.Node.DeviceWent(1, bench.Now);
        Assert.Throws<InvalidOperationException>(() => bench.Send(1));
        bench.Send(0);
        bench.Node.ConnectionLost();
        bench.Connect();
        bench.Node.DeviceCame(1, bench.Now);
        bench.Send(1);
        Assert.Equal(["NBIRTH", "DBIRTH", "DBIRTH", "DDEATH", "DDATA", "NBIRTH", "DBIRTH", "DBIRTH", "DDATA"],
            bench.Output.Types);
    }

    [Fact]
    public void A_message_that_could_not_be_sent_does_not_count()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        bench.Output.IsBroken = true;
        Assert.Throws<MqttException>(() => bench.Send(0));
        bench.Output.IsBroken = false;
        bench.Send(0); // the host checks that no number is missing
        Assert.Equal(1, bench.Host.DataMetrics);
    }

    [Fact]
    public void Commands_name_their_device_and_time()
    {
        var bench = new EdgeNodeBench();
        bench.Connect();
        var metric = new SparkplugMetric { Alias = 10, Value = SparkplugValue.FromInt64(5) };
        Assert.Equal([new SparkplugCommand(0, metric, bench.Now)], bench.Command("spBv1.0/g/DCMD/n/d0", metric));
        Assert.Equal([new SparkplugCommand(1, metric with { Timestamp = 7 }, 7)],
            bench.Command("spBv1.0/g/DCMD/n/d1", metric with { Timestamp = 7 }));
        Assert.Equal([new SparkplugCommand(null, metric, bench.Now)], bench.Command("spBv1.0/g/NCMD/n", metric));
        Assert.Empty(bench.Command("spBv1.0/g/DCMD/n/other", metric));
        Assert.Empty(bench.Command("spBv1.0/g/DCMD/m/d0", metric));
        Assert.Throws<MqttException>(() => bench.Node.ReceiveCommand("spBv1.0/g/NCMD/n", [0x12]));
        Assert.Equal(2, bench.Node.BadMessages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a+")]
    [InlineData("#")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    public void An_id_that_cannot_be_a_level_of_a_topic_is_refused(string id)
    {
        var good = new SparkplugEdgeNodeOptions { GroupId = "Größe 1", NodeId = "n", Devices = ["d"] };
        Assert.Null(SparkplugEdgeNodeOptions.Problem(good));
        Assert.NotNull(SparkplugEdgeNodeOptions.Problem(good with { GroupId = id }));
        Assert.NotNull(SparkplugEdgeNodeOptions.Problem(good with { NodeId = id }));
        Assert.NotNull(SparkplugEdgeNodeOptions.Problem(good with { Devices = ["d", id] }));
        Assert.NotNull(SparkplugEdgeNodeOptions.Problem(good with { PrimaryHostId = id }));
        Assert.NotNull(SparkplugEdgeNodeOptions.Problem(good with { Devices = ["d", "d"] }));
        Assert.NotNull(SparkplugEdgeNodeOptions.Problem(good with { GroupId = "STATE" }));
    }
}
