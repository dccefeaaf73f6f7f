using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Mqtt;

namespace EdgeTwin.Tests.Golden;

/// <summary>What MQTT 5.0 adds to each packet, byte by byte (§3).</summary>
public class Mqtt5GoldenTests
{
    private static readonly MqttClientOptions Options = new()
    {
        Host = "broker",
        ClientId = "c",
        Version = MqttProtocolVersion.V5,
    };

    [Fact]
    public void CONNECT_with_defaults() => AssertSent(Options, null, """
        10 19              CONNECT, remaining length 25
        00 04 4D 51 54 54  protocol name MQTT
        05                 protocol version 5
        02                 flags: clean start
        00 1E              keep alive 30 s
        0B                 properties, 11 bytes
        21 04 00           receive maximum 1024
        27 00 10 00 00     maximum packet size 1 MiB
        22 00 40           topic alias maximum 64
        00 01 63           client id c
        """);

    [Fact]
    public void CONNECT_with_a_kept_session_a_will_and_all_properties() => AssertSent(
        Options with
        {
            CleanSession = false,
            SessionExpiry = TimeSpan.FromHours(1),
            ReceiveMaximum = 65_535,
            TopicAliasMaximum = 0,
            RequestResponseInformation = true,
            UserProperties = [new("k", "v"), new("k", "w")],
            Will = new MqttWill
            {
                Topic = "w",
                Payload = "off"u8.ToArray(),
                Delay = TimeSpan.FromSeconds(5),
                Properties = new MqttMessageProperties
                {
                    PayloadIsText = true,
                    Expiry = TimeSpan.FromSeconds(60),
                    ContentType = "t",
                    ResponseTopic = "r",
                    CorrelationData = new byte[] { 1, 2 },
                    UserProperties = [new("a", "b")],
                },
            },
        },
        null, """
        10 51              CONNECT, remaining length 81
        00 04 4D 51 54 54 05
        0C                 flags: will QoS 1, will
        00 1E
        1A                 properties, 26 bytes
        11 00 00 0E 10     session expiry 3600 s
        27 00 10 00 00     maximum packet size 1 MiB
        19 01              request response information
        26 00 01 6B 00 01 76  user property k = v
        26 00 01 6B 00 01 77  user property k = w
        00 01 63           client id c
        20                 will properties, 32 bytes
        18 00 00 00 05     will delay 5 s
        01 01              payload is UTF-8
        02 00 00 00 3C     message expiry 60 s
        03 00 01 74        content type t
        08 00 01 72        response topic r
        09 00 02 01 02     correlation data
        26 00 01 61 00 01 62  user property a = b
        00 01 77           will topic w
        00 03 6F 66 66     will payload off
        """);

    [Fact]
    public void A_session_that_never_ends_has_the_largest_expiry() => AssertSent(
        Options with { CleanSession = false }, null, """
        10 1E
        00 04 4D 51 54 54 05 00 00 1E
        10                 properties, 16 bytes
        11 FF FF FF FF     session expiry: never
        21 04 00 27 00 10 00 00 22 00 40
        00 01 63
        """);

    [Fact]
    public void PUBLISH_says_nothing_in_one_byte() => AssertSent(Options, bench =>
        bench.TryPublish("a/b", "hi", MqttQos.AtLeastOnce, retain: false), """
        32 0A              PUBLISH, QoS 1
        00 03 61 2F 62     topic a/b
        00 01              packet identifier 1
        00                 no properties
        68 69              payload
        """);

    [Fact]
    public void PUBLISH_with_QoS_2_and_properties() => AssertSent(Options, bench =>
        bench.TryPublish("a", "x", MqttQos.ExactlyOnce, retain: true, properties: new MqttMessageProperties
        {
            Expiry = TimeSpan.FromSeconds(10),
            ResponseTopic = "r",
        }), """
        35 10              PUBLISH, QoS 2, retain
        00 01 61           topic a
        00 01              packet identifier 1
        09                 properties, 9 bytes
        02 00 00 00 0A     message expiry 10 s
        08 00 01 72        response topic r
        78                 payload
        """);

    [Fact]
    public void PUBLISH_gives_a_topic_a_number_once_and_then_leaves_the_topic_out()
    {
        var bench = new SessionBench(Options);
        bench.Connect("22 00 02"); // topic alias maximum 2
        bench.TryPublish("a/b/c", "x", MqttQos.AtMostOnce, false);
        bench.TryPublish("a/b/c", "y", MqttQos.AtMostOnce, false);
        AssertBytes("""
            30 0C              PUBLISH
            00 05 61 2F 62 2F 63  topic a/b/c
            03 23 00 01        topic alias 1
            78
            30 07              PUBLISH
            00 00              no topic
            03 23 00 01        topic alias 1
            79
            """, bench.Sent());
    }

    [Fact]
    public void SUBSCRIBE_with_options_and_identifier() => AssertSent(Options, bench =>
        bench.TrySubscribe(new MqttSubscribeOptions
        {
            Filter = "a/#",
            Qos = MqttQos.ExactlyOnce,
            NoLocal = true,
            RetainAsPublished = true,
            RetainHandling = MqttRetainHandling.DoNotSend,
            Identifier = 200,
        }), """
        82 0C              SUBSCRIBE
        00 01              packet identifier 1
        03                 properties, 3 bytes
        0B C8 01           subscription identifier 200
        00 03 61 2F 23     filter a/#
        2E                 retain handling 2, retain as published, no local, QoS 2
        """);

    [Fact]
    public void UNSUBSCRIBE_has_no_properties() => AssertSent(Options, bench =>
        bench.Session.TryUnsubscribe(bench.Output, "a", new RecordingObserver(), default), "A2 06 00 01 00 00 01 61");

    [Fact]
    public void DISCONNECT_in_order_says_nothing() => AssertSent(Options, bench =>
        bench.Session.Disconnect(bench.Output, MqttReasonCode.Success, default), "E0 00");

    [Fact]
    public void DISCONNECT_lets_the_will_speak() => AssertSent(Options, bench =>
        bench.Session.Disconnect(bench.Output, MqttReasonCode.DisconnectWithWillMessage, default), "E0 01 04");

    [Fact]
    public void PUBREL_and_PUBCOMP_name_an_identifier_that_is_not_known() => AssertSent(Options, bench =>
    {
        bench.Receive("50 02 00 07");
        bench.Receive("62 02 00 08");
    }, """
        62 03 00 07 92     PUBREL, packet identifier not found
        70 03 00 08 92     PUBCOMP, packet identifier not found
        """);

    [Fact]
    public void A_received_PUBLISH_keeps_all_that_it_says()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        var message = bench.Receive("""
            32 2F              PUBLISH, QoS 1
            00 01 61           topic a
            00 07              packet identifier 7
            27                 properties, 39 bytes
            01 01              payload is UTF-8
            02 00 00 00 3C     message expiry 60 s
            03 00 01 74        content type t
            08 00 01 72        response topic r
            09 00 02 01 02     correlation data
            0B 01              subscription identifier 1
            0B C8 01           subscription identifier 200
            26 00 01 61 00 01 62  user property a = b
            26 00 01 61 00 01 63  user property a = c
            68 69              payload
            """).Message!;
        Assert.Equal("a", message.Topic);
        Assert.Equal("hi"u8.ToArray(), message.Payload.ToArray());
        Assert.Equal([1, 200], message.SubscriptionIdentifiers);
        var said = message.Properties;
        Assert.Equal((true, TimeSpan.FromSeconds(60), "t", "r"),
            (said.PayloadIsText, said.Expiry, said.ContentType, said.ResponseTopic));
        Assert.Equal([1, 2], said.CorrelationData!.Value.ToArray());
        Assert.Equal([new("a", "b"), new("a", "c")], said.UserProperties);
    }

    [Fact]
    public void CONNACK_grants()
    {
        var bench = new SessionBench(Options);
        var granted = bench.Connect("""
            11 00 00 00 0A     session expiry 10 s
            21 00 14           receive maximum 20
            24 01              maximum QoS 1
            25 00              no retain
            27 00 00 10 00     maximum packet size 4096
            12 00 01 78        assigned client id x
            22 00 0A           topic alias maximum 10
            28 00              no wildcards
            29 00              no subscription identifiers
            2A 00              no shared subscriptions
            13 00 05           server keep alive 5 s
            1A 00 01 69        response information i
            26 00 01 61 00 01 62  user property a = b
            """).Accepted!;
        Assert.Equal(
            new MqttConnectResult
            {
                Version = MqttProtocolVersion.V5,
                SessionExpiry = TimeSpan.FromSeconds(10),
                ReceiveMaximum = 20,
                MaximumQos = MqttQos.AtLeastOnce,
                RetainAvailable = false,
                MaximumPacketSize = 4096,
                AssignedClientId = "x",
                TopicAliasMaximum = 10,
                WildcardSubscriptionsAvailable = false,
                SubscriptionIdentifiersAvailable = false,
                SharedSubscriptionsAvailable = false,
                KeepAlive = TimeSpan.FromSeconds(5),
                ResponseInformation = "i",
                UserProperties = granted.UserProperties,
            },
            granted);
        Assert.Equal([new("a", "b")], granted.UserProperties);
    }

    private static void AssertSent(MqttClientOptions options, Action<SessionBench>? act, string expected)
    {
        var bench = new SessionBench(options);
        if (act is null) bench.Session.Connect(bench.Output, default);
        else bench.Connect();
        act?.Invoke(bench);
        AssertBytes(expected, bench.Sent());
    }

    private static void AssertBytes(string expected, byte[] actual) =>
        Assert.Equal(Convert.ToHexString(MqttGoldenTests.Bytes(expected)), Convert.ToHexString(actual));
}
