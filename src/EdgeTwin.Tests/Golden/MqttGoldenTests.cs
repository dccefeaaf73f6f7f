using System.Buffers;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Mqtt;

namespace EdgeTwin.Tests.Golden;

/// <summary>Every packet byte by byte; the annotations are the fields of the specification in order (MQTT 3.1.1
/// §3).</summary>
public class MqttGoldenTests
{
    private static readonly MqttClientOptions Options = new() { Host = "broker", ClientId = "pump-7" };

    [Fact]
    public void CONNECT_with_defaults() => AssertSent(Options, _ => { }, """
        10 12              CONNECT, remaining length 18
        00 04 4D 51 54 54  protocol name MQTT
        04                 protocol level 4
        02                 flags: clean session
        00 1E              keep alive 30 s
        00 06 70 75 6D 70 2D 37  client id pump-7
        """);

    [Fact]
    public void CONNECT_with_will_user_and_password() => AssertSent(
        Options with
        {
            ClientId = "c",
            CleanSession = false,
            KeepAlive = TimeSpan.Zero,
            User = "u",
            Password = "pw"u8.ToArray(),
            Will = new MqttWill { Topic = "w", Payload = "off"u8.ToArray(), Qos = MqttQos.AtLeastOnce, Retain = true },
        },
        _ => { }, """
        10 1C              CONNECT, remaining length 28
        00 04 4D 51 54 54 04
        EC                 flags: user name, password, will retain, will QoS 1, will
        00 00              keep alive off
        00 01 63           client id c
        00 01 77           will topic w
        00 03 6F 66 66     will message off
        00 01 75           user name u
        00 02 70 77        password pw
        """);

    [Fact]
    public void CONNECT_with_an_empty_client_id() => AssertSent(Options with { ClientId = "" }, _ => { }, """
        10 0C              CONNECT, remaining length 12
        00 04 4D 51 54 54 04 02 00 1E
        00 00              client id empty
        """);

    [Fact]
    public void PUBLISH_with_QoS_0_has_no_packet_identifier() => AssertSent(Options, connected =>
        connected.TryPublish("a/b", "hi", MqttQos.AtMostOnce, retain: false), """
        30 07              PUBLISH, QoS 0, remaining length 7
        00 03 61 2F 62     topic a/b
        68 69              payload
        """, connect: true);

    [Fact]
    public void PUBLISH_with_QoS_1_and_retain() => AssertSent(Options, connected =>
        connected.TryPublish("a/b", "hi", MqttQos.AtLeastOnce, retain: true), """
        33 09              PUBLISH, QoS 1, retain, remaining length 9
        00 03 61 2F 62     topic a/b
        00 01              packet identifier 1
        68 69              payload
        """, connect: true);

    [Fact]
    public void A_remaining_length_of_128_takes_two_bytes() => AssertSent(Options, connected =>
        connected.TryPublish("a", new string('x', 125), MqttQos.AtMostOnce, retain: false),
        $"30 80 01  00 01 61  {string.Concat(Enumerable.Repeat("78 ", 125))}", connect: true);

    [Fact]
    public void SUBSCRIBE_asks_for_one_filter() => AssertSent(Options, connected =>
        connected.TrySubscribe(new MqttSubscribeOptions { Filter = "a/#" }), """
        82 08              SUBSCRIBE with its reserved flags 0010
        00 01              packet identifier 1
        00 03 61 2F 23     filter a/#
        01                 QoS 1
        """, connect: true);

    [Fact]
    public void UNSUBSCRIBE_names_one_filter() => AssertSent(Options, connected =>
        connected.Session.TryUnsubscribe(connected.Output, "a/#", new RecordingObserver(), default), """
        A2 07              UNSUBSCRIBE with its reserved flags 0010
        00 01              packet identifier 1
        00 03 61 2F 23     filter a/#
        """, connect: true);

    [Fact]
    public void PUBACK_answers_a_QoS_1_message() => AssertSent(Options, connected =>
        connected.Session.AcknowledgeMessage(MqttQos.AtLeastOnce, 0x1234, connected.Output, default),
        "40 02 12 34", connect: true);

    [Fact]
    public void PINGREQ_after_silence() => AssertSent(Options, connected =>
        connected.Session.Tick(connected.Output, TimeSpan.FromSeconds(23)), "C0 00", connect: true);

    [Fact]
    public void DISCONNECT_in_order() => AssertSent(Options, connected =>
        connected.Session.Disconnect(connected.Output, MqttReasonCode.Success, default), "E0 00", connect: true);

    [Fact]
    public void A_received_PUBLISH_keeps_all_its_fields()
    {
        var connected = new SessionBench(Options);
        connected.Connect();
        var effect = connected.Receive(Bytes("""
            3B 09              PUBLISH, DUP, QoS 1, retain
            00 03 61 2F 62     topic a/b
            00 07              packet identifier 7
            68 69              payload
            """));
        Assert.Equal(7, effect.PacketId);
        Assert.Equal(("a/b", MqttQos.AtLeastOnce, true, true),
            (effect.Message!.Topic, effect.Message.Qos, effect.Message.Retain, effect.Message.Dup));
        Assert.Equal("hi"u8.ToArray(), effect.Message.Payload.ToArray());
    }

    private static void AssertSent(MqttClientOptions options, Action<SessionBench> act, string expected, bool connect =
        false)
    {
        var bench = new SessionBench(options);
        if (connect) bench.Connect();
        else bench.Session.Connect(bench.Output, default);
        act(bench);
        Assert.Equal(Convert.ToHexString(Bytes(expected)), Convert.ToHexString(bench.Sent()));
    }

    /// <summary>Bytes of an annotated listing: pairs of hexadecimal digits up to the first word that is none.</summary>
    internal static byte[] Bytes(string annotated)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var line in annotated.Split('\n'))
        {
            foreach (var word in line.Split(' ',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (word.Length != 2 || !word.All(char.IsAsciiHexDigitUpper) && !word.All(char.IsAsciiDigit)) break;
                bytes.Write(Convert.FromHexString(word));
            }
        }
        return bytes.WrittenSpan.ToArray();
    }
}
