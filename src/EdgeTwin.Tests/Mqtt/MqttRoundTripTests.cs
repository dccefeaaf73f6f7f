using System.Buffers;
using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Packets;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>What is written is read back the same, for packets that both sides send.</summary>
public class MqttRoundTripTests(ITestOutputHelper log)
{
    private const int Rounds = 5000;

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public void PUBLISH_comes_back_as_it_was(MqttProtocolVersion version)
    {
        var random = Seeded();
        var output = new OutputBuffer();
        for (var round = 0; round < Rounds; round++)
        {
            var topic = $"t{Text(random)}".Replace('+', '-').Replace('#', '-');
            var payload = Bytes(random, 300);
            var qos = (MqttQos)random.Next(3);
            var said = version == MqttProtocolVersion.V5 ? Properties(random) : MqttMessageProperties.None;
            var packet = new PublishPacket
            {
                Topic = Encoding.UTF8.GetBytes(topic),
                Payload = payload,
                Qos = qos,
                Retain = random.Next(2) == 0,
                Dup = qos != MqttQos.AtMostOnce && random.Next(2) == 0,
                PacketId = qos == MqttQos.AtMostOnce ? (ushort)0 : (ushort)random.Next(1, 65_536),
                TopicAlias = version == MqttProtocolVersion.V5 ? (ushort)random.Next(65_536) : (ushort)0,
                Properties = said,
            };
            var reader = Written(output, packet, version, out var flags);
            var read = PublishPacket.Read(flags, ref reader);
            Assert.Equal(topic, Encoding.UTF8.GetString(read.Topic));
            Assert.Equal(payload, read.Payload.ToArray());
            Assert.Equal((packet.Qos, packet.Retain, packet.Dup, packet.PacketId, packet.TopicAlias),
                (read.Qos, read.Retain, read.Dup, read.PacketId, read.TopicAlias));
            AssertSame(said, read.Properties ?? MqttMessageProperties.None);
        }
    }

    [Fact]
    public void Acknowledgements_come_back_as_they_were()
    {
        var random = Seeded();
        var output = new OutputBuffer();
        foreach (var type in (MqttPacketType[])
            [MqttPacketType.PubAck, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp])
        {
            foreach (var reason in Enum.GetValues<MqttReasonCode>().Where(code => code.IsAllowedIn(type)))
            {
                var packet = new AckPacket(type, (ushort)random.Next(1, 65_536)) { Reason = reason };
                var reader = Written(output, packet, MqttProtocolVersion.V5, out _);
                Assert.Equal(packet, AckPacket.Read(type, ref reader));
            }
        }
        foreach (var reason in Enum.GetValues<MqttReasonCode>().Where(c => c.IsAllowedIn(MqttPacketType.Disconnect)))
        {
            var reader = Written(output, new DisconnectPacket(reason), MqttProtocolVersion.V5, out _);
            Assert.Equal(new DisconnectPacket(reason), DisconnectPacket.Read(ref reader));
        }
    }

    /// <summary>§1.5.5, table 1-1: the borders of the lengths.</summary>
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    public void A_variable_byte_integer_takes_as_few_bytes_as_it_can(int value, string bytes)
    {
        Span<byte> target = stackalloc byte[8];
        var writer = new MqttWriter(target, MqttProtocolVersion.V5);
        writer.VariableByteInteger(value);
        Assert.Equal(bytes, Convert.ToHexString(target[..writer.Written]));
        var reader = new MqttReader(target[..writer.Written], MqttProtocolVersion.V5);
        Assert.Equal(value, reader.VariableByteInteger());
        reader.End();
    }

    [Fact]
    public void Every_reason_code_is_explained() =>
        Assert.All(Enum.GetValues<MqttReasonCode>(), code => Assert.DoesNotContain("not define", code.Describe(),
            StringComparison.Ordinal));

    private static MqttReader Written<T>(OutputBuffer output, scoped in T packet, MqttProtocolVersion version,
        out int flags)
        where T : IMqttPacket, allows ref struct
    {
        var measure = MqttWriter.Measure(version);
        packet.WriteBody(ref measure);
        output.Clear();
        output.Write(packet, measure.Written, version);
        var bytes = new ReadOnlySequence<byte>(output.Written.ToArray());
        Assert.True(MqttFrame.TryRead(ref bytes, 1 << 20, out var frame));
        Assert.True(bytes.IsEmpty);
        flags = frame.Flags;
        return new MqttReader(frame.Body.FirstSpan, version);
    }

    private static void AssertSame(MqttMessageProperties expected, MqttMessageProperties actual)
    {
        Assert.Equal(expected.UserProperties, actual.UserProperties);
        Assert.Equal(expected.CorrelationData?.ToArray(), actual.CorrelationData?.ToArray());
        Assert.Equal(expected with { UserProperties = [], CorrelationData = null },
            actual with { UserProperties = [], CorrelationData = null });
    }

    private static MqttMessageProperties Properties(Random random) => new()
    {
        PayloadIsText = random.Next(2) == 0,
        Expiry = random.Next(2) == 0 ? TimeSpan.FromSeconds((uint)random.NextInt64(1L << 32)) : null,
        ContentType = random.Next(2) == 0 ? Text(random) : null,
        ResponseTopic = random.Next(2) == 0 ? $"r{Text(random)}".Replace('+', '-').Replace('#', '-') : null,
        CorrelationData = random.Next(2) == 0 ? Bytes(random, 40) : null,
        UserProperties = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new MqttUserProperty(Text(random),
            Text(random)))],
    };

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random) => string.Concat(
        Enumerable.Range(0, random.Next(20)).Select(_ => "abc/ äß€𝄞+#"[random.Next(8)]));

    private Random Seeded()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
