using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>QoS 2 in both directions, with a loss at each step (§4.3.3, §4.4).</summary>
public class MqttQos2Tests
{
    private static readonly MqttClientOptions Options = new()
    {
        Host = "broker",
        ClientId = "c",
        CleanSession = false,
        ReceiveMaximum = 65_535,
    };

    [Fact]
    public void A_message_goes_out_in_two_steps()
    {
        var bench = Connected();
        bench.TryPublish("a", "x", MqttQos.ExactlyOnce, false);
        Assert.Equal("34060001610001" + "78", Hex(bench));
        Assert.False(bench.Receive("50 02 00 01").Completed);
        Assert.Equal("62020001", Hex(bench));
        Assert.True(bench.Receive("70 02 00 01").Completed);
        Assert.Equal(0, bench.Session.InFlightCount);
    }

    [Fact]
    public void After_a_loss_before_PUBREC_the_message_goes_out_again()
    {
        var bench = Connected();
        bench.TryPublish("a", "x", MqttQos.ExactlyOnce, false);
        Reconnect(bench, sessionPresent: true);
        Assert.Equal("3C060001610001" + "78", Hex(bench));
    }

    [Fact]
    public void After_a_loss_behind_PUBREC_only_the_release_goes_out_again()
    {
        var bench = Connected();
        bench.TryPublish("a", "x", MqttQos.ExactlyOnce, false);
        bench.Receive("50 02 00 01");
        Reconnect(bench, sessionPresent: true);
        Assert.Equal("62020001", Hex(bench));
        Assert.True(bench.Receive("70 02 00 01").Completed);
    }

    [Fact]
    public void A_broker_that_took_the_message_over_and_forgot_the_session_has_it()
    {
        var bench = Connected();
        var observer = new RecordingObserver();
        bench.TryPublish("a", "x", MqttQos.ExactlyOnce, false, observer, 5);
        bench.TryPublish("a", "y", MqttQos.ExactlyOnce, false, observer, 6);
        bench.Receive("50 02 00 01");
        bench.Sent();
        bench.Session.ConnectionLost();
        var effect = bench.Connect("", sessionPresent: false);
        Assert.Equal([5L], effect.Proven!.Select(request => request.Token));
        Assert.Equal("34060001610002" + "79", Hex(bench)); // the other is published anew
    }

    [Fact]
    public void A_second_PUBREC_is_answered_like_the_first()
    {
        var bench = Connected();
        bench.TryPublish("a", "x", MqttQos.ExactlyOnce, false);
        bench.Receive("50 02 00 01");
        bench.Sent();
        bench.Receive("50 02 00 01");
        Assert.Equal("62020001", Hex(bench));
    }

    [Fact]
    public void A_received_message_is_delivered_once_until_it_is_released()
    {
        var bench = Connected();
        Assert.NotNull(bench.Receive("34 06 00 01 61 00 05 78").Message);
        bench.Session.AcknowledgeMessage(MqttQos.ExactlyOnce, 5, bench.Output, default);
        Assert.Equal("50020005", Hex(bench));
        Assert.Null(bench.Receive("3C 06 00 01 61 00 05 78").Message);
        Assert.Equal("50020005", Hex(bench));
        Reconnect(bench, sessionPresent: true);
        Assert.Null(bench.Receive("3C 06 00 01 61 00 05 78").Message); // the state outlives the connection
        Assert.Equal("50020005", Hex(bench));
        bench.Receive("62 02 00 05");
        Assert.Equal("70020005", Hex(bench));
        Assert.NotNull(bench.Receive("34 06 00 01 61 00 05 79").Message); // a new one with the same identifier
    }

    [Fact]
    public void With_the_session_the_broker_forgets_what_it_has_sent()
    {
        var bench = Connected();
        bench.Receive("34 06 00 01 61 00 05 78");
        Reconnect(bench, sessionPresent: false);
        Assert.NotNull(bench.Receive("34 06 00 01 61 00 05 79").Message); // [MQTT-3.2.2-5]
    }

    [Fact]
    public void A_release_of_something_unknown_is_completed()
    {
        var bench = Connected();
        bench.Receive("62 02 00 09");
        Assert.Equal("70020009", Hex(bench));
    }

    /// <summary>A model of a broker that loses connections at random and now and then its session. What it took over
    /// exactly once must be what was published, and each publication must come to an end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_lost_on_the_way_each_message_is_taken_over_exactly_once(int seed)
    {
        var random = new Random(seed);
        var bench = Connected();
        var broker = new Qos2BrokerModel();
        var published = 0;
        var done = 0;
        for (var step = 0; step < 20_000 || done < published; step++)
        {
            if (step < 20_000 && bench.Session.InFlightCount < 50 && random.Next(3) == 0)
                bench.TryPublish("a", $"{published++}", MqttQos.ExactlyOnce, false);
            foreach (var packet in broker.Take(bench.Sent()))
                if (random.Next(8) != 0 && bench.Receive(packet).Completed) done++;
                else if (random.Next(2) == 0) break; // what follows in the segment is lost with the connection
            if (random.Next(5) != 0) continue;
            bench.Session.ConnectionLost();
            bench.Connect(sessionPresent: true);
        }
        Assert.Equal(published, done);
        Assert.Equal(Enumerable.Range(0, published), broker.Taken.Order());
    }

    private static SessionBench Connected()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        return bench;
    }

    private static void Reconnect(SessionBench bench, bool sessionPresent)
    {
        bench.Sent();
        Assert.Empty(bench.Session.ConnectionLost());
        bench.Connect(sessionPresent);
    }

    private static string Hex(SessionBench bench) => Convert.ToHexString(bench.Sent());
}
