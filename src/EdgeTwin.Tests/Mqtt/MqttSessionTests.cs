using System.Buffers.Binary;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Golden;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Mqtt;

public class MqttSessionTests
{
    private static readonly MqttClientOptions Options = new() { Host = "broker", ClientId = "c", Window = 4 };

    [Theory]
    [InlineData("20 02 00 06", MqttError.Malformed)]                 // reserved return code
    [InlineData("20 02 02 00", MqttError.Malformed)]                 // reserved acknowledge flags
    [InlineData("20 02 01 05", MqttError.Malformed)]                 // refused, yet with a session
    [InlineData("20 01 00", MqttError.Malformed)]                    // too short
    [InlineData("20 03 00 00 00", MqttError.Malformed)]              // too long
    [InlineData("20 02 01 00", MqttError.ProtocolViolation)]         // a session though a clean one was asked for
    [InlineData("20 02 00 01", MqttError.Refused)]
    [InlineData("20 02 00 02", MqttError.Refused)]
    [InlineData("20 02 00 03", MqttError.Refused)]
    [InlineData("20 02 00 04", MqttError.Refused)]
    [InlineData("20 02 00 05", MqttError.Refused)]
    [InlineData("D0 00", MqttError.ProtocolViolation)]               // PINGRESP before CONNACK
    [InlineData("30 04 00 01 61 78", MqttError.ProtocolViolation)]   // data before CONNACK [MQTT-3.2.0-1]
    public void A_bad_first_packet_ends_the_connection(string packet, MqttError error)
    {
        var bench = new SessionBench(Options);
        bench.Session.Connect(bench.Output, default);
        Assert.Equal(error, Assert.Throws<MqttException>(() => bench.Receive(MqttGoldenTests.Bytes(packet))).Error);
        Assert.False(bench.Session.IsConnected);
    }

    [Theory]
    [InlineData("20 02 00 00", MqttError.ProtocolViolation)]              // second CONNACK
    [InlineData("40 02 00 09", MqttError.ProtocolViolation)]              // PUBACK for an unknown packet identifier
    [InlineData("40 02 00 00", MqttError.Malformed)]                      // packet identifier 0
    [InlineData("40 03 00 01 00", MqttError.Malformed)]                   // PUBACK too long
    [InlineData("40 00", MqttError.Malformed)]                            // PUBACK without a body
    [InlineData("41 02 00 01", MqttError.Malformed)]                      // reserved flag bits
    [InlineData("90 03 00 09 00", MqttError.ProtocolViolation)]           // SUBACK that nobody asked for
    [InlineData("90 03 00 01 00", MqttError.ProtocolViolation)]           // SUBACK for a PUBLISH
    [InlineData("90 02 00 01", MqttError.Malformed)]                      // SUBACK without a code
    [InlineData("90 04 00 01 00 00", MqttError.Malformed)]                // SUBACK with more codes than filters
    [InlineData("90 03 00 01 03", MqttError.Malformed)]                   // SUBACK with an unknown code
    [InlineData("50 02 00 01", MqttError.ProtocolViolation)]              // PUBREC for QoS 1
    [InlineData("60 02 00 01", MqttError.Malformed)]                      // PUBREL with other flag bits than 0010
    [InlineData("70 02 00 01", MqttError.ProtocolViolation)]              // PUBCOMP for QoS 1
    [InlineData("10 00", MqttError.ProtocolViolation)]                    // CONNECT from the broker
    [InlineData("82 00", MqttError.ProtocolViolation)]                    // SUBSCRIBE from the broker
    [InlineData("C0 00", MqttError.ProtocolViolation)]                    // PINGREQ from the broker
    [InlineData("E0 00", MqttError.ProtocolViolation)]                    // DISCONNECT from the broker, in MQTT 3.1.1
    [InlineData("00 00", MqttError.ProtocolViolation)]                    // type 0
    [InlineData("F0 00", MqttError.ProtocolViolation)]                    // type 15
    [InlineData("D0 01 00", MqttError.Malformed)]                         // PINGRESP with a body
    [InlineData("30 00", MqttError.Malformed)]                            // PUBLISH without a body
    [InlineData("30 04 00 09 61 78", MqttError.Malformed)]                // topic longer than the packet
    [InlineData("30 02 00 00", MqttError.Malformed)]                      // empty topic
    [InlineData("30 04 00 02 61 23", MqttError.Malformed)]                // topic with a wildcard
    [InlineData("30 03 00 01 00", MqttError.Malformed)]                   // U+0000
    [InlineData("30 05 00 03 ED A0 80", MqttError.Malformed)]             // a surrogate
    [InlineData("32 05 00 01 61 00 00", MqttError.Malformed)]             // QoS 1 with packet identifier 0
    [InlineData("32 04 00 01 61 00", MqttError.Malformed)]                // QoS 1 with half a packet identifier
    [InlineData("36 05 00 01 61 00 01", MqttError.Malformed)]             // QoS 3
    [InlineData("38 03 00 01 61", MqttError.Malformed)]                   // DUP with QoS 0
    [InlineData("30 FF FF FF 7F", MqttError.TooLarge)]                    // 256 MB announced
    [InlineData("30 80 80 80 80 01", MqttError.Malformed)]                // remaining length of five bytes
    public void A_bad_packet_later_ends_the_connection(string packet, MqttError error)
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        Assert.True(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        Assert.Equal(error, Assert.Throws<MqttException>(() => bench.Receive(MqttGoldenTests.Bytes(packet))).Error);
        Assert.True(bench.Acknowledge(1).Completed); // control: the good packet is taken
    }

    [Fact]
    public void The_window_closes_when_it_is_full_and_opens_with_an_acknowledgement()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        for (var i = 0; i < 4; i++) Assert.True(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        Assert.False(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
        Assert.True(bench.TryPublish("a", "x", MqttQos.AtMostOnce, false)); // QoS 0 needs no place
        bench.Acknowledge(2);
        Assert.True(bench.TryPublish("a", "x", MqttQos.AtLeastOnce, false));
    }

    /// <summary>Random publishing and acknowledging in any order, through wraps of the identifier.</summary>
    [Theory]
    [InlineData(1, 1, 200_000)]
    [InlineData(2, 7, 200_000)]
    [InlineData(3, 100, 200_000)]
    [InlineData(4, 5000, 200_000)]
    [InlineData(5, 65535, 80_000)]
    public void A_packet_identifier_never_names_two_messages(int seed, int window, int messages)
    {
        var random = new Random(seed);
        var bench = new SessionBench(Options with { Window = window });
        bench.Connect();
        var observer = new RecordingObserver();
        var outstanding = new List<ushort>();
        var taken = new HashSet<ushort>();
        for (long token = 0; token < messages;)
        {
            if (outstanding.Count < window && random.Next(5) != 0)
            {
                Assert.True(bench.TryPublish("a", "", MqttQos.AtLeastOnce, false, observer, token++));
                var id = BinaryPrimitives.ReadUInt16BigEndian(bench.Sent().AsSpan(5));
                Assert.NotEqual(0, id);
                Assert.True(taken.Add(id), $"seed {seed}: identifier {id} is already in flight");
                outstanding.Add(id);
            }
            else if (outstanding.Count > 0)
            {
                var which = random.Next(outstanding.Count);
                var id = outstanding[which];
                outstanding[which] = outstanding[^1];
                outstanding.RemoveAt(outstanding.Count - 1);
                taken.Remove(id);
                Assert.True(bench.Acknowledge(id).Completed);
            }
            Assert.Equal(outstanding.Count, bench.Session.InFlightCount);
        }
    }

    [Fact]
    public void After_a_loss_a_kept_session_sends_again_in_order_and_says_DUP()
    {
        var bench = new SessionBench(Options with { CleanSession = false });
        bench.Connect();
        foreach (var payload in "abc") bench.TryPublish("t", $"{payload}", MqttQos.AtLeastOnce, false);
        bench.Acknowledge(2);
        Assert.Equal("320600017400016132060001740002623206000174000363", Convert.ToHexString(bench.Sent()));

        Assert.Empty(bench.Session.ConnectionLost());
        bench.Connect(sessionPresent: true);
        Assert.Equal("3A060001740001613A06000174000363", Convert.ToHexString(bench.Sent()));
        Assert.True(bench.Acknowledge(1).Completed);
        Assert.True(bench.Acknowledge(3).Completed);
    }

    [Fact]
    public void In_a_session_that_the_broker_forgot_nothing_is_a_duplicate()
    {
        var bench = new SessionBench(Options with { CleanSession = false });
        bench.Connect();
        bench.TryPublish("t", "a", MqttQos.AtLeastOnce, false);
        bench.Sent();
        bench.Session.ConnectionLost();
        bench.Connect(sessionPresent: false);
        Assert.Equal("3206000174000161", Convert.ToHexString(bench.Sent()));
    }

    [Fact]
    public void A_clean_session_reports_what_a_loss_leaves_unproven()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        for (var token = 0; token < 3; token++) bench.TryPublish("t", "a", MqttQos.AtLeastOnce, false, null, token);
        bench.Acknowledge(1);
        Assert.Equal([1L, 2L], bench.Session.ConnectionLost().Select(lost => lost.Token));
        Assert.Equal(0, bench.Session.InFlightCount);
        bench.Connect();
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public void A_broker_that_never_answers_CONNECT_is_given_up()
    {
        var bench = new SessionBench(Options);
        bench.Session.Connect(bench.Output, default);
        Assert.Equal(TimeSpan.FromSeconds(10), bench.Session.Tick(bench.Output, TimeSpan.FromSeconds(9.9)));
        var error = Assert.Throws<MqttException>(() => bench.Session.Tick(bench.Output, TimeSpan.FromSeconds(10)));
        Assert.Equal(MqttError.TimedOut, error.Error);
    }

    /// <summary>A half-open connection must show within 1.5 keep-alive intervals, also while messages go out all the
    /// time.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dead_peer_is_found_within_one_and_a_half_keep_alives(bool sending)
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        for (var second = 1; second <= 45; second++)
        {
            bench.Now = TimeSpan.FromSeconds(second);
            if (sending) bench.TryPublish("t", "a", MqttQos.AtMostOnce, false);
            try
            {
                bench.Session.Tick(bench.Output, bench.Now);
            }
            catch (MqttException error) when (error.Error == MqttError.TimedOut)
            {
                Assert.InRange(second, 30, 45);
                return;
            }
        }
        Assert.Fail("the silence went unnoticed");
    }

    [Fact]
    public void A_peer_that_answers_pings_stays()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        var pings = 0;
        for (var second = 1; second <= 300; second++)
        {
            bench.Now = TimeSpan.FromSeconds(second);
            bench.Session.Tick(bench.Output, bench.Now);
            if (bench.Sent() is not [0xC0, 0]) continue;
            pings++;
            bench.Receive([0xD0, 0]);
        }
        Assert.InRange(pings, 10, 15); // at least one in 30 s [MQTT-3.1.2-23], and no storm
    }

    [Fact]
    public void A_broker_that_pings_but_never_acknowledges_is_given_up()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        bench.TryPublish("t", "a", MqttQos.AtLeastOnce, false);
        for (var second = 1; second < 60; second++)
        {
            bench.Now = TimeSpan.FromSeconds(second);
            bench.Session.Tick(bench.Output, bench.Now);
            bench.Receive([0xD0, 0]);
        }
        Assert.Equal(MqttError.TimedOut,
            Assert.Throws<MqttException>(() => bench.Session.Tick(bench.Output, TimeSpan.FromSeconds(60))).Error);
    }

    [Fact]
    public void A_message_larger_than_a_packet_may_be_is_refused_before_anything_is_written()
    {
        var bench = new SessionBench(Options with { MaxPacketSize = 128 });
        bench.Connect();
        var error =
            Assert.Throws<MqttException>(() => bench.TryPublish("t", new string('x', 200), MqttQos.AtLeastOnce, false));
        Assert.Equal(MqttError.TooLarge, error.Error);
        Assert.Empty(bench.Sent());
        Assert.Equal(0, bench.Session.InFlightCount);
    }

    [Fact]
    public void Publishing_and_acknowledging_allocate_nothing()
    {
        var bench = new SessionBench(Options);
        bench.Connect();
        byte[] ack = [0, 0];
        Cycle(1000);
        Assert.Equal(0, Allocation.Of(() => Cycle(1000)));

        void Cycle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                bench.Session.TryPublish(bench.Output, "a/b"u8, "payload"u8, MqttQos.AtMostOnce, false, null, null,
                    0, default);
                bench.Session.TryPublish(bench.Output, "a/b"u8, "payload"u8, MqttQos.AtLeastOnce, false, null, null,
                    i, default);
                var sent = bench.Output.Written.Span;
                sent.Slice(sent.Length - 9, 2).CopyTo(ack);
                bench.Session.Receive(MqttPacketType.PubAck, 0, ack, bench.Output, default);
                bench.Output.Clear();
            }
        }
    }
}
