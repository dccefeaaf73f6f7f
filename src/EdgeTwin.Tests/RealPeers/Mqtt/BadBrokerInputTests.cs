using EdgeTwin.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>What a broker refuses, with the whole uplink: the error is clear, nothing is lost but what can never pass,
/// and what can pass does.</summary>
public class BadBrokerInputTests
{
    private const int Away = 1302;
    private const int Recovered = 1301;

    [Theory]
    [InlineData("wrong", "gw", "authorise")]
    [InlineData("secret", "other", "authorise")]
    public async Task A_wrong_password_and_a_client_id_that_is_not_wanted_are_said(
        string password, string clientId, string error)
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            allow_anonymous false
            password_file FOLDER/passwords
            clientid_prefixes gw
            """, Passwords);
        var secret = Path.Combine(broker.Folder, "password");
        await File.WriteAllTextAsync(secret, password);
        await using var bench = new UplinkBench(UplinkBench.Config(broker.Port) with
        {
            User = "pump",
            Password = new SecretReference(SecretKind.File, secret),
            ClientId = clientId,
        });
        await bench.AppendAsync(10);
        await bench.UntilAsync(status => status.LastError is not null);
        Assert.Contains(error, bench.Pump.Status().LastError, StringComparison.OrdinalIgnoreCase);
        await File.WriteAllTextAsync(secret, "secret"); // read at each connection
        if (clientId == "gw") await bench.DrainedAsync();
        Assert.Equal(1, bench.Log.Count(Away));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_is_not_trusted_or_has_expired_is_said(bool isExpired)
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            allow_anonymous true
            certfile FOLDER/server.pem
            keyfile FOLDER/server.key
            """, folder => TestAuthority.WriteTo(folder, isExpired));
        await using var bench = new UplinkBench(UplinkBench.Config(broker.Port) with
        {
            Endpoint = new Uri($"mqtts://127.0.0.1:{broker.Port}"),
            CaFile = isExpired ? "ca.pem" : null,
        }, folder: broker.Folder);
        await bench.UntilAsync(status => status.LastError is not null);
        var error = bench.Pump.Status().LastError!;
        Assert.Contains("TLS", error, StringComparison.Ordinal);
        Assert.Contains(isExpired ? "NotTimeValid" : "certificate", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_the_access_rules_deny_waits_until_they_allow_it()
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            allow_anonymous true
            acl_file FOLDER/acl
            """, folder => Rule(folder, "topic readwrite other/#"));
        await using var bench = new UplinkBench(
            UplinkBench.Config(broker.Port) with { Protocol = "5", Status = false });
        await bench.AppendAsync(10);
        await bench.UntilAsync(status => status.LastError is not null);
        Assert.Contains("authorise", bench.Pump.Status().LastError, StringComparison.OrdinalIgnoreCase);
        await bench.AppendAsync(10);
        Assert.Equal((20, 0), (bench.Pump.Status().LagSamples, bench.Pump.Status().Lost.Count));
        Rule(broker.Folder, "topic readwrite acme/#");
        await broker.KillAsync();
        await broker.StartAsync();
        await bench.DrainedAsync();
        Assert.Equal((1, 1), (bench.Log.Count(Away), bench.Log.Count(Recovered)));
    }

    // mosquitto says its limit with MQTT 5 and closes the connection with 3.1.1 (max_packet_size), or refuses the
    // message (message_size_limit). NATS 2.9 takes any size over MQTT.
    [Theory]
    [InlineData("max_packet_size 10000", "3.1.1")]
    [InlineData("max_packet_size 10000", "5")]
    [InlineData("message_size_limit 10000", "5")]
    public async Task What_is_too_large_for_the_broker_is_split_or_given_up_and_all_else_arrives(
        string limit, string protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync($"allow_anonymous true\n{limit}");
        await using var audit = await UplinkAudit.StartAsync(
            new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "audit" }, MqttQos.AtLeastOnce);
        await using var bench = new UplinkBench(UplinkBench.Config(broker.Port) with
        {
            Protocol = protocol,
            Batch = new BatchConfig { Samples = 1000, Age = TimeSpan.FromMilliseconds(10) },
        });
        for (var round = 0; round < 10; round++) await bench.AppendAsync(100);
        await bench.AppendTextAsync(20_000); // the 1001st, which can never pass
        await bench.AppendAsync(99);
        await bench.DrainedAsync();
        await audit.UntilAsync(1100);
        Assert.Equal([1001L], audit.Gaps(1101));
        var status = bench.Pump.Status();
        Assert.Equal([("refused", 1L)], status.Lost.Select(loss => (loss.Key, loss.Value)));
        Assert.Contains("bytes", status.LastRefusal, StringComparison.Ordinal);
        Assert.Equal(1, bench.Log.Count(1305));
    }

    // Every connection is accepted, the status is acknowledged, and the first message ends it.
    [Fact]
    public async Task A_broker_that_closes_on_every_publish_is_asked_ever_more_slowly_and_costs_no_sample()
    {
        var times = new List<long>();
        await using var broker = FakeMqttBroker.Start([.. Enumerable.Repeat<Func<FakeMqttBroker.Peer, Task>>(
            async peer =>
            {
                times.Add(TimeProvider.System.GetTimestamp());
                await peer.ReadPacketAsync();
                await peer.SendAsync("20 02 00 00");
                var status = await peer.ReadPacketAsync();
                var id = 2 + (status.Body[0] << 8) + status.Body[1];
                await peer.SendAsync([0x40, 2, status.Body[id], status.Body[id + 1]]);
                await peer.ReadPacketAsync();
            }, 5)]);
        await using var bench = new UplinkBench(UplinkBench.Config(broker.Port));
        await bench.AppendTextAsync(200);
        await broker.FinishAsync();
        var pauses = times.Zip(times.Skip(1), TimeProvider.System.GetElapsedTime).ToList();
        Assert.True(pauses[^1] > TimeSpan.FromSeconds(1.9), string.Join(", ", pauses)); // the fourth: 2 to 4 s
        Assert.Contains("closed the connection", bench.Pump.Status().LastError, StringComparison.Ordinal);
        Assert.Equal((2, 0), (bench.Pump.Status().LagSamples, bench.Pump.Status().Lost.Count));
        Assert.Equal((1, 0), (bench.Log.Count(Away), bench.Log.Count(Recovered)));
    }

    private static void Passwords(string folder)
    {
        using var tool = System.Diagnostics.Process.Start(
            "mosquitto_passwd", ["-b", "-c", Path.Combine(folder, "passwords"), "pump", "secret"]);
        tool.WaitForExit();
    }

    private static void Rule(string folder, string rule) => File.WriteAllText(Path.Combine(folder, "acl"), $"{rule}\n");
}
