using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>The protocol machine as MQTT 5.0 wants it.</summary>
public class Mqtt5SessionTests
{
    private static readonly MqttClientOptions Options = new()
    {
        Host = "broker",
        ClientId = "c",
        Version = MqttProtocolVersion.V5,
        Window = 8,
        ReceiveMaximum = 2,
        TopicAliasMaximum = 2,
    };

    [Theory]
    [InlineData("20 03 00 84 00", MqttError.Refused, MqttReasonCode.UnsupportedProtocolVersion)]
    [InlineData("20 03 00 87 00", MqttError.Refused, MqttReasonCode.NotAuthorized)]
    [InlineData("20 03 01 87 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)]     // refused with a session
    [InlineData("20 03 01 00 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // though a clean one
    [InlineData("20 03 00 05 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)]     // the code of 3.1.1
    [InlineData("20 03 00 8D 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // of DISCONNECT only
    [InlineData("20 02 00 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)]        // without properties
    [InlineData("20 04 00 00 01 11", MqttError.Malformed, MqttReasonCode.MalformedPacket)]  // property cut off
    [InlineData("20 05 00 00 80 00 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)] // length too long
    [InlineData("20 06 00 00 03 21 00 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // maximum 0
    [InlineData("20 08 00 00 05 27 00 00 00 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)]
    [InlineData("20 05 00 00 02 24 02", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // QoS 2
    [InlineData("20 07 00 00 04 25 01 25 01", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // twice
    [InlineData("20 06 00 00 03 23 00 01", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // of PUBLISH
    [InlineData("20 05 00 00 02 04 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)] // no such property
    [InlineData("20 05 00 00 02 2B 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)] // no such property
    [InlineData("20 07 00 00 04 15 00 01 61", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // method
    [InlineData("F0 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)]        // AUTH before CONNACK
    public void A_bad_CONNACK_ends_the_connection(string packet, MqttError error, MqttReasonCode reason)
    {
        var bench = new SessionBench(Options);
        bench.Session.Connect(bench.Output, default);
        var thrown = Assert.Throws<MqttException>(() => bench.Receive(packet));
        Assert.Equal((error, reason), (thrown.Error, thrown.Reason));
        Assert.False(bench.Session.IsConnected);
    }

    [Theory]
    [InlineData("F0 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)]          // AUTH nobody began
    [InlineData("30 07 00 01 61 03 23 00 00", MqttError.ProtocolViolation, MqttReasonCode.TopicAliasInvalid)]
    [InlineData("30 07 00 01 61 03 23 00 03", MqttError.ProtocolViolation, MqttReasonCode.TopicAliasInvalid)]
    [InlineData("30 06 00 00 03 23 00 01", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // is for none
    [InlineData("30 03 00 00 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // no topic, no alias
    [InlineData("30 06 00 01 61 02 01 02", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // format 2
    [InlineData("30 06 00 01 61 02 0B 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // identifier 0
    [InlineData("30 08 00 01 61 04 08 00 01 23", MqttError.Malformed, MqttReasonCode.MalformedPacket)] // response to #
    [InlineData("30 07 00 01 61 03 08 00 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // to nowhere
    [InlineData("30 09 00 01 61 05 11 00 00 00 01", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)]
    [InlineData("30 08 00 01 61 04 01 00 01 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // twice
    [InlineData("40 03 00 01 92", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // not of PUBACK
    [InlineData("40 03 00 01 01", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // not of PUBACK
    [InlineData("40 06 00 01 00 02 01 01", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)] // property
    [InlineData("40 05 00 01 00 00 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)] // bytes too many
    [InlineData("E0 01 04", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)]       // only a client says that
    [InlineData("E0 07 8B 05 11 00 00 00 00", MqttError.ProtocolViolation, MqttReasonCode.ProtocolError)]
    [InlineData("E1 00", MqttError.Malformed, MqttReasonCode.MalformedPacket)]                // reserved flag bits
    public void A_bad_packet_later_ends_the_connection(string packet, MqttError error, MqttReasonCode reason)
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        Assert.True(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        var thrown = Assert.Throws<MqttException>(() => bench.Receive(packet));
        Assert.Equal((error, reason), (thrown.Error, thrown.Reason));
        Assert.True(bench.Acknowledge(1).Completed); // control: the good packet is taken
    }

    [Fact]
    public void A_refusal_says_why_in_plain_words_and_in_the_words_of_the_broker()
    {
        var bench = new SessionBench(Options);
        bench.Session.Connect(bench.Output, default);
        var refused = Assert.Throws<MqttException>(() => bench.Receive("20 0D 00 9C 0A 1F 00 02 6E 6F 1C 00 02 62 32"));
        Assert.Equal("the broker wants this client to use another server for now (0x9C UseAnotherServer); it says: no",
            refused.Message);
        Assert.Equal("b2", refused.ServerReference);
    }

    [Fact]
    public void A_DISCONNECT_of_the_broker_ends_the_connection_with_its_reason()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        var ended = Assert.Throws<MqttException>(() => bench.Receive("E0 01 8E"));
        Assert.Equal((MqttError.ConnectionLost, MqttReasonCode.SessionTakenOver), (ended.Error, ended.Reason));
        Assert.Contains("same client id", ended.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce, "40 03 00 01 87")]
    [InlineData(MqttQos.ExactlyOnce, "50 03 00 01 87")]
    public void A_refused_message_ends_with_its_reason_and_frees_its_place(MqttQos qos, string answer)
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        bench.TryPublish("a", "x", qos, false);
        var effect = bench.Receive(answer);
        Assert.Equal((true, MqttReasonCode.NotAuthorized), (effect.Completed, effect.Reason));
        Assert.Equal(0, bench.Session.InFlightCount);
    }

    [Fact]
    public void The_window_is_the_brokers_receive_maximum_when_that_is_lower()
    {
        var bench = new SessionBench(Options);
        bench.Connect("21 00 02");
        Assert.True(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        Assert.True(bench.TryPublish("a", "x", MqttQos.ExactlyOnce, false));
        Assert.False(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        bench.Receive("50 02 00 02"); // PUBREC alone frees no place (§4.9)
        Assert.False(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        Assert.True(bench.Receive("70 02 00 02").Completed);
        Assert.True(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
    }

    [Fact]
    public void A_kept_session_goes_on_within_a_receive_maximum_that_has_become_lower()
    {
        var bench = new SessionBench(Options with { CleanSession = false });
        bench.Connect();
        for (var i = 0; i < 3; i++) bench.TryPublish("a", $"{i}", MqttQos.AtLeastOnce, false);
        bench.Sent();
        Assert.Empty(bench.Session.ConnectionLost());
        bench.Connect("21 00 01", sessionPresent: true);
        Assert.Equal("3A0700016100010030", Convert.ToHexString(bench.Sent()));
        bench.Acknowledge(1);
        Assert.Equal("3A0700016100020031", Convert.ToHexString(bench.Sent()));
        Assert.False(bench.TryPublish("a", "new", MqttQos.AtLeastOnce, false)); // the old ones go first
        bench.Acknowledge(2);
        Assert.Equal("3A0700016100030032", Convert.ToHexString(bench.Sent()));
    }

    [Fact]
    public void A_packet_larger_than_the_broker_takes_is_refused_and_one_of_its_size_is_not()
    {
        var bench = new SessionBench(Options);
        bench.Connect("27 00 00 00 20 22 00 05"); // 32 bytes; aliases would add to it
        var error = Assert.Throws<MqttException>(() =>
            bench.TryPublish("abcd", new string('x', 24), MqttQos.AtMostOnce, false));
        Assert.Equal((MqttError.TooLarge, MqttReasonCode.PacketTooLarge), (error.Error, error.Reason));
        Assert.True(bench.TryPublish("abcd", new string('x', 23), MqttQos.AtMostOnce, false));
        Assert.Equal(32, bench.Sent().Length);
    }

    [Theory]
    [InlineData("24 00", MqttReasonCode.QosNotSupported)]
    [InlineData("25 00", MqttReasonCode.RetainNotSupported)]
    [InlineData("28 00", MqttReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("29 00", MqttReasonCode.SubscriptionIdentifiersNotSupported)]
    [InlineData("2A 00", MqttReasonCode.SharedSubscriptionsNotSupported)]
    public void What_the_broker_does_not_support_is_not_sent(string property, MqttReasonCode reason)
    {
        var bench = new SessionBench(Options);
        bench.Connect(property);
        var error = Assert.Throws<MqttException>(() =>
        {
            bench.TryPublish("a", "x", MqttQos.AtLeastOnce, retain: true);
            bench.Sent();
            bench.TrySubscribe(new MqttSubscribeOptions { Filter = "$share/g/a/b" });
            bench.Sent();
            bench.TrySubscribe(new MqttSubscribeOptions { Filter = "a/#" });
            bench.Sent();
            bench.TrySubscribe(new MqttSubscribeOptions { Filter = "a", Identifier = 1 });
        });
        Assert.Equal((MqttError.NotSupported, reason), (error.Error, error.Reason));
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public void The_broker_orders_the_keep_alive_and_assigns_the_client_id()
    {
        var bench = new SessionBench(Options with { ClientId = "", KeepAlive = TimeSpan.FromSeconds(100) });
        bench.Connect("13 00 04 12 00 02 69 64");
        bench.Session.Tick(bench.Output, TimeSpan.FromSeconds(3));
        Assert.Equal("C000", Convert.ToHexString(bench.Sent()));
        bench.Session.ConnectionLost();
        bench.Session.Connect(bench.Output, default);
        Assert.EndsWith("00026964", Convert.ToHexString(bench.Sent()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_topic_that_was_not_used_for_longest_loses_its_number()
    {
        var aliases = new TopicAliases(2);
        Assert.Equal((1, false), Use("aaaa"));
        Assert.Equal((2, false), Use("bbbb"));
        Assert.Equal((1, true), Use("aaaa"));
        Assert.Equal((2, false), Use("cccc"));
        Assert.Equal((1, true), Use("aaaa"));
        Assert.Equal((2, false), Use("bbbb"));
        Assert.Equal((1, false), Use("dddd"));

        (int, bool) Use(string topic) => (aliases.Use(System.Text.Encoding.UTF8.GetBytes(topic), out var known), known);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void A_number_always_stands_for_the_topic_that_was_last_said_beside_it(int maximum)
    {
        var random = new Random(maximum);
        var aliases = new TopicAliases(maximum);
        var broker = new Dictionary<int, string>();
        for (var i = 0; i < 20_000; i++)
        {
            var topic = $"topic/{random.Next(random.Next(1, 3 * maximum + 2))}/{new string('x', random.Next(3) * 40)}";
            var alias = aliases.Use(System.Text.Encoding.UTF8.GetBytes(topic), out var known);
            Assert.InRange(alias, 1, maximum);
            if (!known) broker[alias] = topic;
            Assert.Equal(topic, broker[alias]);
        }
    }

    [Fact]
    public void A_kept_message_goes_out_again_with_its_topic_not_with_a_number_of_the_old_connection()
    {
        var bench = new SessionBench(Options with { CleanSession = false });
        bench.Connect("22 00 05");
        bench.TryPublish("abcd", "1", MqttQos.AtLeastOnce, false);
        bench.TryPublish("abcd", "2", MqttQos.AtLeastOnce, false);
        Assert.Equal("320D0004616263640001032300013132090000000203230001" + "32", Convert.ToHexString(bench.Sent()));
        bench.Session.ConnectionLost();
        bench.Connect("22 00 05", sessionPresent: true);
        Assert.Equal("3A0A0004616263640001" + "0031" + "3A0A0004616263640002" + "0032",
            Convert.ToHexString(bench.Sent()));
    }

    [Fact]
    public void A_number_of_the_broker_stands_for_its_topic_until_the_connection_ends()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        Assert.Equal("ab", bench.Receive("30 08 00 02 61 62 03 23 00 02").Message!.Topic);
        Assert.Equal("ab", bench.Receive("30 06 00 00 03 23 00 02").Message!.Topic);
        Assert.Equal("cd", bench.Receive("30 08 00 02 63 64 03 23 00 02").Message!.Topic);
        Assert.Equal("cd", bench.Receive("30 06 00 00 03 23 00 02").Message!.Topic);
        bench.Session.ConnectionLost();
        bench.Connect();
        Assert.Throws<MqttException>(() => bench.Receive("30 06 00 00 03 23 00 02"));
    }

    [Fact]
    public void More_messages_than_the_receive_maximum_end_the_connection()
    {
        var bench = new SessionBench(Options); // receive maximum 2
        bench.Connect();
        bench.Receive("34 06 00 01 61 00 01 00");
        bench.Receive("34 06 00 01 61 00 02 00");
        var error = Assert.Throws<MqttException>(() => bench.Receive("34 06 00 01 61 00 03 00"));
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, error.Reason);
        bench.Receive("62 02 00 01"); // control: a release makes room
        Assert.NotNull(bench.Receive("34 06 00 01 61 00 03 00").Message);
    }

    [Fact]
    public void Publishing_with_numbers_and_properties_allocates_nothing()
    {
        var bench = new SessionBench(Options);
        bench.Connect("22 00 03");
        var properties = new MqttMessageProperties
        {
            Expiry = TimeSpan.FromSeconds(10),
            ContentType = "application/json",
            UserProperties = [new("name", "value")],
        };
        byte[][] topics = [.. Enumerable.Range(0, 5).Select(i => "topic/0"u8.ToArray().Append((byte)i).ToArray())];
        byte[] ack = [0, 1];
        Cycle(1000);
        Assert.Equal(0, Allocation.Of(() => Cycle(1000)));

        void Cycle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var topic = topics[i % topics.Length];
                bench.Session.TryPublish(bench.Output, topic, "payload"u8, MqttQos.AtMostOnce, false, properties, null,
                    0, default);
                var id = (ushort)(bench.NextPacketId());
                ack[0] = (byte)(id >> 8);
                ack[1] = (byte)id;
                bench.Session.TryPublish(bench.Output, topic, "payload"u8, MqttQos.AtLeastOnce, false, null, null, i,
                    default);
                bench.Session.Receive(MqttPacketType.PubAck, 0, ack, bench.Output, default);
                bench.Output.Clear();
            }
        }
    }
}
