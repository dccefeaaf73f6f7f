using System.Buffers;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Golden;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>Mutated brokers: whatever comes in, only the one declared exception comes out, and nothing large is
/// allocated.</summary>
public class MqttFuzzTests(ITestOutputHelper log)
{
    private static readonly MqttClientOptions Options = new() { Host = "broker", ClientId = "c", MaxPacketSize = 4096 };

    private static readonly byte[][] Corpus =
    [
        .. new[]
        {
            "20 02 00 00", "30 07 00 03 61 2F 62 68 69", "32 09 00 03 61 2F 62 00 07 68 69", "40 02 00 01",
                "90 03 00 02 01",
            "B0 02 00 03", "D0 00", "30 80 01",
        }.Select(MqttGoldenTests.Bytes),
    ];

    [Fact]
    public void Random_bytes_and_mutated_packets_raise_only_the_declared_exception()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Mutate(random);
            try
            {
                Feed(bytes, random);
            }
            catch (MqttException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, round {round}: {Convert.ToHexString(bytes)}: {error}");
            }
        }
        Assert.InRange(refused, 2000, 20_000); // control: the mutations do hit
    }

    [Fact]
    public void A_packet_is_the_same_however_the_bytes_are_cut()
    {
        var stream = Corpus[1].Concat(Corpus[3]).Concat(Corpus[6]).Concat(Corpus[2]).ToArray();
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var buffer = Sequence(stream[..cut], stream[cut..]);
            var types = new List<MqttPacketType>();
            while (MqttFrame.TryRead(ref buffer, 4096, out var frame)) types.Add(frame.Type);
            Assert.Equal([MqttPacketType.Publish, MqttPacketType.PubAck, MqttPacketType.PingResp,
                MqttPacketType.Publish], types);
            Assert.True(buffer.IsEmpty);
        }
        for (var missing = 1; missing < Corpus[1].Length; missing++)
        {
            var partial = new ReadOnlySequence<byte>(Corpus[1][..^missing]);
            Assert.False(MqttFrame.TryRead(ref partial, 4096, out _));
        }
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = new List<byte>();
        if (random.Next(4) != 0) bytes.AddRange(Corpus[0]);
        for (var packets =
            random.Next(1, 4); packets > 0; packets--) bytes.AddRange(Corpus[random.Next(Corpus.Length)]);
        for (var changes = random.Next(4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. bytes];
    }

    private static void Feed(byte[] bytes, Random random)
    {
        var bench = new SessionBench(Options);
        bench.Session.Connect(bench.Output, default);
        var cut = random.Next(bytes.Length + 1);
        var buffer = Sequence(bytes[..cut], bytes[cut..]);
        while (MqttFrame.TryRead(ref buffer, Options.MaxPacketSize, out var frame))
        {
            if (bench.Session.IsConnected)
            {
                bench.TryPublish("t", "x", MqttQos.AtLeastOnce, false);
                bench.Session.TrySubscribe(bench.Output, "t", MqttQos.AtLeastOnce, new RecordingObserver(), default);
            }
            bench.Session.Receive(frame.Type, frame.Flags, frame.Body.ToArray(), bench.Output, default);
        }
    }

    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] second)
    {
        var head = new Segment(first);
        var tail = head.Append(second);
        return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes) => Memory = bytes;

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
