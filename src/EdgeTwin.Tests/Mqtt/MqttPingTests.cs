using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>A ping as a proof for what was sent before it.</summary>
public class MqttPingTests
{
    private static readonly MqttClientOptions Options = new()
    {
        Host = "broker",
        ClientId = "c",
        KeepAlive = TimeSpan.FromSeconds(8),
    };

    [Fact]
    public void Pings_are_answered_in_order_those_of_keep_alive_among_them()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        bench.Session.Ping(bench.Output, new RecordingObserver(), 1, bench.Now);
        Assert.Equal("C000", Convert.ToHexString(bench.Sent()));
        bench.Now += TimeSpan.FromSeconds(6);
        bench.Session.Tick(bench.Output, bench.Now);
        Assert.Equal("C000", Convert.ToHexString(bench.Sent())); // control: keep-alive has pinged
        bench.Session.Ping(bench.Output, new RecordingObserver(), 2, bench.Now);
        var answers = Enumerable.Range(0, 4).Select(_ => bench.Receive("D0 00")).ToList();
        Assert.Equal([(true, 1L), (true, 0L), (true, 2L), (false, 0L)],
            answers.Select(answer => (answer.Pinged, answer.Token)));
    }

    [Fact]
    public void A_broker_that_talks_but_does_not_answer_a_ping_counts_as_dead()
    {
        var bench = new SessionBench(Options with { AcknowledgeTimeout = TimeSpan.FromSeconds(20) });
        bench.Connect();
        bench.Session.Ping(bench.Output, new RecordingObserver(), 1, bench.Now);
        for (var second = 0; second < 19; second++)
        {
            bench.Now += TimeSpan.FromSeconds(1);
            bench.Receive("30 03 00 01 61");
            bench.Session.Tick(bench.Output, bench.Now);
        }
        bench.Now += TimeSpan.FromSeconds(1);
        var error = Assert.Throws<MqttException>(() => bench.Session.Tick(bench.Output, bench.Now));
        Assert.Equal(MqttError.TimedOut, error.Error);
    }

    [Fact]
    public void Pings_of_a_lost_connection_are_not_answered_by_the_next_one()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        bench.Session.Ping(bench.Output, new RecordingObserver(), 1, bench.Now);
        Assert.Equal(1, Assert.Single(bench.Session.TakeLostPings()).Token);
        bench.Session.ConnectionLost();
        bench.Connect();
        Assert.False(bench.Receive("D0 00").Pinged);
    }
}
