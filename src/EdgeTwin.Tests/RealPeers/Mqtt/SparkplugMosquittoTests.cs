using System.Text.Json;
using EdgeTwin.Upstream;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>The Sparkplug uplink against mosquitto, with a host made of the packages mqtt and sparkplug-payload, and
/// with an auditor of our own.</summary>
public class SparkplugMosquittoTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_broker_that_is_killed_twice_leaves_no_gap(bool liveFirst, bool templates)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var audit = new SparkplugAudit(broker.Port);
        audit.Start();
        await using var bench = new SparkplugBench(
            SparkplugBench.Config(broker.Port, "audit") with { Templates = templates },
            liveFirst ? DrainOrder.LiveFirst : DrainOrder.HistoryFirst);
        bench.Pump.Start();
        var kills = 0;
        await Outages.AppendAsync(bench.AppendAsync, KillAsync, broker.StartAsync, 15, 35);
        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await audit.UntilAsync(total);
        var status = bench.Pump.Status();
        log.WriteLine($"{total} samples, {audit.Duplicates} duplicates, {audit.Host.Births} births, {status}");
        Assert.Null(audit.Fault);
        Assert.Equal(0, audit.Missing(total));
        Assert.True(audit.Duplicates <= status.Resent,
            $"{audit.Duplicates} duplicates, {status.Resent} were in flight");
        Assert.InRange(audit.Host.Births, 3, 10);
        Assert.Equal(templates, audit.Host.Instances > 0);

        async Task KillAsync()
        {
            await bench.UntilAsync(() => audit.Host.Births > kills || audit.Fault is not null);
            kills++;
            await broker.KillAsync();
        }
    }

    [Fact]
    public async Task A_frozen_broker_proves_nothing()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port));
        bench.Pump.Start();
        await bench.AppendAsync(10);
        await bench.DrainedAsync();
        await broker.FreezeAsync();
        await bench.AppendAsync(10); // goes into the socket, where nobody reads it
        await bench.UntilAsync(() => bench.Pump.Status().InFlight > 0);
        Assert.Equal(10, bench.Outbox.Cursor.Sequence);
        await broker.ThawAsync();
        await bench.DrainedAsync();
    }

    [Fact]
    public async Task A_birth_says_all_there_is_to_know_and_data_only_what_is_new()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port));
        bench.Pump.Start();
        var node = await host.NextAsync();
        var device = await host.NextAsync();
        var part = await host.NextAsync();
        Assert.Equal(["spBv1.0/plant/NBIRTH/gw", "spBv1.0/plant/DBIRTH/gw/pump-7", "spBv1.0/plant/DBIRTH/gw/drive"],
            new[] { node, device, part }.Select(Topic));
        Assert.Equal(["bdSeq:Int64:0", "Node Control/Rebirth:Boolean:False"], Metrics(node).Select(metric =>
            $"{Text(metric, "name")}:{Text(metric, "type")}:{metric.GetProperty("value")}"));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"r{i}"),
            Metrics(device).Select(metric => Text(metric, "name")));
        Assert.All(Metrics(device), metric => Assert.Equal("Int64", Text(metric, "type")));
        var properties = Metrics(device)[0].GetProperty("properties");
        Assert.Equal("Double:100", properties.GetProperty("engHigh").GetString());
        Assert.Equal("Int32:500", properties.GetProperty("Quality").GetString());

        await bench.AppendAsync(3);
        var data = await host.NextAsync("DDATA");
        Assert.Equal(["0", "1", "2"], Metrics(data).Select(metric => Text(metric, "alias")).Select(alias =>
            $"{int.Parse(alias!, System.Globalization.CultureInfo.InvariantCulture) - 1}"));
        Assert.All(Metrics(data), metric => Assert.Null(Text(metric, "name")));
        Assert.Equal("{\"epoch\":1,\"seq\":1,\"count\":3}", Text(data.GetProperty("payload"), "body"));
        Assert.Equal(["0", "1", "2", "3"],
            new[] { node, device, part, data }.Select(message => Text(message.GetProperty("payload"), "seq")));
    }

    [Fact]
    public async Task With_templates_a_device_is_one_metric_and_its_tags_are_the_members()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port) with { Templates = true });
        bench.Pump.Start();
        var definitions = Metrics(await host.NextAsync("NBIRTH"))[2..];
        Assert.Equal(["pump-7", "drive"], definitions.Select(metric => Text(metric, "name")));
        Assert.All(definitions, metric => Assert.True(Template(metric).GetProperty("isDefinition").GetBoolean()));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"r{i}:Int64"), Members(definitions[0]));
        var device = Assert.Single(Metrics(await host.NextAsync("DBIRTH")));
        Assert.Equal(("pump-7", "Template", "pump-7"),
            (Text(device, "name"), Text(device, "type"), Text(Template(device), "templateRef")));
        Assert.False(Template(device).GetProperty("isDefinition").GetBoolean());
        Assert.Equal(Members(definitions[0]), Members(device));
        Assert.Equal("Double:100", Template(device).GetProperty("metrics")[0].GetProperty("properties")
            .GetProperty("engHigh").GetString());

        await bench.AppendAsync(3);
        var changed = Assert.Single(Metrics(await host.NextAsync("DDATA")));
        Assert.Equal((null, Text(device, "alias")), (Text(changed, "name"), Text(changed, "alias")));
        Assert.Equal(["r0:Int64", "r1:Int64", "r2:Int64"], Members(changed));
        Assert.Equal(["0", "1", "2"], Template(changed).GetProperty("metrics").EnumerateArray().Select(member =>
            Text(member, "value")));

        await host.SendAsync("command", new
        {
            topic = "spBv1.0/plant/DCMD/gw/pump-7",
            payload = new
            {
                metrics = new[]
                {
                    new
                    {
                        name = "pump-7",
                        type = "Template",
                        value = new
                        {
                            isDefinition = false,
                            templateRef = "pump-7",
                            metrics = new[] { new { name = "r0", type = "Int64", value = 7 } },
                        },
                    },
                },
            },
        });
        await bench.UntilAsync(() => bench.Log.Count(1322) == 1);
        Assert.Contains("'r0'", bench.Log.Lines.Single(line => line.Id == 1322).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_primary_host_the_node_sends_nothing_and_keeps_everything()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await host.StateAsync("scada", online: false, 100);
        await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port, "scada"));
        bench.Pump.Start();
        await bench.AppendAsync(50);
        await bench.UntilAsync(() => bench.Log.Count(1320) == 1); // connected, and waits
        await host.StateAsync("other", online: true, 200);
        await host.StateAsync("scada", online: true, 99); // older than what it said before
        Assert.Empty(host.Heard());
        await host.StateAsync("scada", online: true, 100);
        Assert.Equal("0", Text(Metrics(await host.NextAsync("NBIRTH"))[0], "value"));
        await bench.DrainedAsync();

        await host.StateAsync("scada", online: false, 99); // the will of an older connection
        await bench.AppendAsync(50);
        await bench.DrainedAsync();
        await host.StateAsync("scada", online: false, 100);
        Assert.Equal("0", Text(Metrics(await host.NextAsync("NDEATH"))[0], "value"));
        await bench.UntilAsync(() => bench.Log.Count(1320) == 2);
        await bench.AppendAsync(50);
        Assert.Equal(100, bench.Outbox.Cursor.Sequence);
        Assert.Empty(host.Heard());
        await host.StateAsync("scada", online: true, 101);
        Assert.Equal("1", Text(Metrics(await host.NextAsync("NBIRTH"))[0], "value"));
        var kept = await host.NextAsync("DDATA");
        Assert.All(Metrics(kept), metric => Assert.True(metric.GetProperty("historical").GetBoolean()));
        await bench.DrainedAsync();
    }

    [Fact]
    public async Task A_host_gets_a_rebirth_and_its_commands_are_refused_with_a_reason()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port));
        bench.Pump.Start();
        await host.NextAsync("NBIRTH");
        await bench.AppendAsync(100);
        await bench.DrainedAsync();
        await host.SendAsync("publish", new { topic = "spBv1.0/plant/NCMD/gw", text = "\u0012 not a payload" });
        await host.SendAsync("command", new
        {
            topic = "spBv1.0/plant/NCMD/gw",
            payload = new { metrics = new[] { new { name = "Node Control/Rebirth", type = "Boolean", value = true } } },
        });
        var birth = await host.NextAsync("NBIRTH");
        Assert.Equal(("0", "0"), (Text(birth.GetProperty("payload"), "seq"), Text(Metrics(birth)[0], "value")));
        Assert.Equal(["DBIRTH", "DBIRTH"],
            [SparkplugHost.TypeOf(await host.NextAsync()), SparkplugHost.TypeOf(await host.NextAsync())]);
        Assert.Equal(1, bench.Log.Count(1324));

        await host.SendAsync("command", new
        {
            topic = "spBv1.0/plant/DCMD/gw/pump-7",
            payload = new { metrics = new[] { new { name = "r0", type = "Int64", value = 7 } } },
        });
        await bench.UntilAsync(() => bench.Log.Count(1322) == 1);
        Assert.Contains("BadNotWritable", bench.Log.Lines.Single(line => line.Id == 1322).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_says_NDEATH_before_it_disconnects_and_a_crash_leaves_it_to_the_will()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await using (var bench = new SparkplugBench(SparkplugBench.Config(broker.Port)))
        {
            bench.Pump.Start();
            await host.NextAsync("NBIRTH");
            await bench.AppendAsync(100);
            await bench.Pump.StopAsync(TimeSpan.FromSeconds(5));
            Assert.Equal(100, bench.Outbox.Cursor.Sequence);
        }
        Assert.Equal("0", Text(Metrics(await host.NextAsync("NDEATH"))[0], "value"));
        await using (var bench = new SparkplugBench(SparkplugBench.Config(broker.Port)))
        {
            bench.Pump.Start();
            await host.NextAsync("NBIRTH");
        }
        Assert.Equal("0", Text(Metrics(await host.NextAsync("NDEATH"))[0], "value"));
        Assert.DoesNotContain(host.Heard(), static message => SparkplugHost.TypeOf(message) == "NDEATH");
    }

    [Fact]
    public async Task With_two_brokers_the_node_goes_where_its_host_is()
    {
        await using var first = await MosquittoBroker.StartAsync();
        await using var second = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(first.Port);
        await using var otherHost = await SparkplugHost.StartAsync(second.Port);
        await host.StateAsync("scada", online: true, 100);
        await otherHost.StateAsync("scada", online: true, 50);
        await using var bench = new SparkplugBench(SparkplugBench.Config(first.Port, "scada") with
        {
            Alternatives = [new Uri($"mqtt://127.0.0.1:{second.Port}")],
        });
        bench.Pump.Start();
        await host.NextAsync("NBIRTH");
        await host.StateAsync("scada", online: false, 101);
        await host.NextAsync("NDEATH");
        await otherHost.NextAsync("NBIRTH");
        await bench.AppendAsync(100);
        await bench.DrainedAsync();
        await second.KillAsync();
        await host.StateAsync("scada", online: true, 102);
        await host.NextAsync("NBIRTH");
    }

    [Fact]
    public async Task The_same_device_id_may_exist_under_another_edge_node()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        using var other = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("node",
            [SparkplugHost.SourceFile("sparkplug-edge.js"), SparkplugHost.Modules, $"{broker.Port}", "other", "pump-7"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("born", await other.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.Equal("spBv1.0/plant/DBIRTH/other/pump-7", Topic(await host.NextAsync("DBIRTH")));
            await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port));
            bench.Pump.Start();
            Assert.Equal("spBv1.0/plant/DBIRTH/gw/pump-7", Topic(await host.NextAsync("DBIRTH")));
            await bench.AppendAsync(5);
            Assert.Equal("spBv1.0/plant/DDATA/gw/pump-7", Topic(await host.NextAsync("DDATA")));
        }
        finally
        {
            other.StandardInput.Close();
            if (!other.WaitForExit(5000)) other.Kill();
        }
    }

    [Fact]
    public async Task With_MQTT_5_the_will_speaks_too_at_an_end_on_purpose()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = await SparkplugHost.StartAsync(broker.Port);
        await using var bench = new SparkplugBench(SparkplugBench.Config(broker.Port) with { Protocol = "5" });
        bench.Pump.Start();
        await host.NextAsync("NBIRTH");
        await bench.AppendAsync(10);
        await bench.Pump.StopAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(10, bench.Outbox.Cursor.Sequence);
        for (var death = 0; death < 2; death++)
            Assert.Equal("0", Text(Metrics(await host.NextAsync("NDEATH"))[0], "value"));
    }

    private static string Topic(JsonElement message) => message.GetProperty("topic").GetString()!;

    private static List<JsonElement> Metrics(JsonElement message) =>
        [.. message.GetProperty("payload").GetProperty("metrics").EnumerateArray()];

    private static JsonElement Template(JsonElement metric) => metric.GetProperty("value");

    private static IEnumerable<string> Members(JsonElement metric) => Template(metric).GetProperty("metrics")
        .EnumerateArray().Select(member => $"{Text(member, "name")}:{Text(member, "type")}");

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();
}
