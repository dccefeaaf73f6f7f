using System.Text;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Sparkplug;

namespace EdgeTwin.Tests.Upstream.Sparkplug;

public class SparkplugUplinkTests
{
    private static readonly SparkplugUplinkConfig Config = new()
    {
        Driver = "sparkplug",
        Endpoint = new Uri("mqtt://broker"),
        Group = "plant",
    };

    [Fact]
    public async Task A_session_of_the_uplink_is_clean()
    {
        await using var broker = FakeMqttBroker.Start(async peer =>
        {
            var connect = await peer.ReadPacketAsync();
            Assert.Equal(0x10, connect.First);
            Assert.Equal(0b0000_1110, connect.Body[7] & 0b0011_1110); // will, QoS 1, not retained; clean session
            await peer.SendAsync("20 02 00 00");
            foreach (var filter in (string[])["spBv1.0/plant/NCMD/gw", "spBv1.0/plant/DCMD/gw/+"])
            {
                var subscribe = await peer.ReadPacketAsync();
                Assert.Equal((0x82, 1), (subscribe.First, subscribe.Body[^1])); // QoS 1
                Assert.Equal(filter, Encoding.UTF8.GetString(subscribe.Body.AsSpan(4..^1)));
                await peer.SendAsync([0x90, 3, subscribe.Body[0], subscribe.Body[1], 1]);
            }
            var birth = await peer.ReadPacketAsync();
            Assert.Equal(0x30, birth.First); // QoS 0, not retained
            Assert.Equal("spBv1.0/plant/NBIRTH/gw", Encoding.UTF8.GetString(birth.Body.AsSpan(2, 23)));
            while ((await peer.ReadPacketAsync()).First != 0xC0) continue; // the other births, then a ping behind them
            await peer.SendAsync("D0 00");
        });
        var rig = new SparkplugRig();
        await using var uplink = UplinkCatalog.Create(
            Config with { Endpoint = new Uri($"mqtt://127.0.0.1:{broker.Port}") }, rig.Context(TimeProvider.System));
        await uplink.ConnectAsync(new Deaf(), default).WaitAsync(TimeSpan.FromSeconds(20));
        await broker.FinishAsync();
    }

    [Fact]
    public void What_is_wrong_in_the_configuration_is_said()
    {
        Assert.Empty(SparkplugUplinkCheck.Check(Config));
        AssertProblem("group", Config with { Group = "a/b" });
        AssertProblem("group", Config with { Group = "STATE" });
        AssertProblem("node", Config with { Node = "a+" });
        AssertProblem("device", Config with { Device = "#" });
        AssertProblem("primaryHost", Config with { PrimaryHost = "" });
        AssertProblem("alternatives", Config with { Alternatives = [new Uri("http://broker")] });
        AssertProblem("commandAge", Config with { CommandAge = TimeSpan.Zero });
        AssertProblem("endpoint", Config with { Endpoint = new Uri("http://broker") });
    }

    [Fact]
    public void A_ping_proves_what_was_sent_before_it_and_nothing_else()
    {
        var proof = new SparkplugProof(10, TimeSpan.Zero);
        Assert.False(proof.IsPingDue);
        proof.Sent(1);
        proof.Sent(2);
        proof.PingSent();
        proof.Sent(3);
        Assert.False(proof.IsPingDue || proof.TryProve(default, out _)); // one is under way
        proof.PingAnswered(default);
        Assert.Equal([1L, 2L], Proven(proof));
        Assert.True(proof.IsPingDue);
        proof.PingSent();
        proof.PingAnswered(default);
        Assert.Equal([3L], Proven(proof));
        Assert.False(proof.IsPingDue);
    }

    [Fact]
    public void What_was_answered_for_counts_only_when_the_broker_has_lived_on_for_a_while()
    {
        var second = TimeSpan.FromSeconds(1);
        var proof = new SparkplugProof(10, second);
        proof.Sent(1);
        proof.PingSent();
        proof.PingAnswered(second);
        proof.Sent(2);
        Assert.True(proof.IsPingDue); // the next one does not wait
        Assert.Equal(2 * second, proof.Due);
        Assert.Empty(Proven(proof, 1.9 * second));
        Assert.Equal([1L], Proven(proof, 2 * second));
        Assert.Null(proof.Due);
    }

    private static List<long> Proven(SparkplugProof proof, TimeSpan now = default)
    {
        var all = new List<long>();
        while (proof.TryProve(now, out var token)) all.Add(token);
        return all;
    }

    private static void AssertProblem(string key, SparkplugUplinkConfig config) =>
        Assert.Equal(key, Assert.Single(SparkplugUplinkCheck.Check(config)).Key);

    private sealed class Deaf : IUplinkObserver
    {
        public void Delivered(long token) => throw new InvalidOperationException("nothing was sent");

        public void Lost(UplinkException reason)
        {
            // The scripted broker ends when it has seen enough.
        }
    }
}
