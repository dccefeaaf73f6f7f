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
            "90 03 00 02 01", "B0 02 00 03", "D0 00", "30 80 01", "34 09 00 03 61 2F 62 00 08 68 69", "50 02 00 02",
            "62 02 00 08", "70 02 00 02",
        }.Select(MqttGoldenTests.Bytes),
    ];

    private static readonly byte[][] Corpus5 =
    [
        .. new[]
        {
            "20 03 00 00 00", "20 0D 00 9C 0A 1F 00 02 6E 6F 1C 00 02 62 32",
            "20 1C 00 00 19 11 00 00 00 0A 21 00 14 24 01 25 01 27 00 00 10 00 22 00 0A 13 00 05 2A 01",
            "30 08 00 03 61 2F 62 00 68 69", "30 08 00 02 61 62 03 23 00 02", "30 06 00 00 03 23 00 02",
            "32 2F 00 01 61 00 07 27 01 01 02 00 00 00 3C 03 00 01 74 08 00 01 72 09 00 02 01 02 0B 01 0B C8 01 "
            + "26 00 01 61 00 01 62 26 00 01 61 00 01 63 68 69",
            "34 0A 00 03 61 2F 62 00 08 00 68 69", "40 02 00 01", "40 03 00 01 87", "40 08 00 01 10 04 1F 00 01 78",
            "50 03 00 02 10", "62 03 00 08 92", "70 02 00 02", "90 04 00 02 00 01", "90 09 00 02 05 1F 00 02 6E 6F 87",
            "B0 04 00 03 00 11", "D0 00", "E0 00", "E0 0C 9D 0A 1F 00 02 6E 6F 1C 00 02 62 32", "F0 00",
        }.Select(MqttGoldenTests.Bytes),
    ];

    /// <summary>A million packets, alternately of both versions; EDGETWIN_FUZZ multiplies them (10 gives ten
    /// million).</summary>
    private static int Packets => 1_000_000
        * (int.TryParse(Environment.GetEnvironmentVariable("EDGETWIN_FUZZ"), out var factor) ? factor : 1);

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public void Mutated_packets_raise_only_the_declared_exception_and_allocate_little(MqttProtocolVersion version)
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var corpus = version == MqttProtocolVersion.V5 ? Corpus5 : Corpus;
        var bench = new SessionBench(Options with { Version = version, Window = 8, ReceiveMaximum = 16 });
        var mutated = new byte[512];
        var refused = 0;
        for (var packet = 0; packet < Packets / 2; packet++)
        {
            var length = Mutate(corpus[random.Next(corpus.Length)], mutated, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (!bench.Session.IsConnected) bench.Session.Connect(bench.Output, default);
                Feed(bench, new ReadOnlySequence<byte>(mutated, 0, length));
            }
            catch (MqttException)
            {
                refused++;
                bench.Session.ConnectionLost();
                if (random.Next(4) != 0) bench.Connect(); // else the next packet comes where CONNACK belongs
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, packet {packet}: {Convert.ToHexString(mutated.AsSpan(0, length))}: {error}");
            }
            bench.Output.Clear();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 100_000, $"seed {seed}, packet {packet}: {allocated} bytes");
        }
        log.WriteLine($"{refused} refused");
        Assert.InRange(refused, Packets / 20, Packets / 2 - Packets / 20); // control: some hit, some are good
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

    // Few changes, so that most reach behind the first check; the remaining length is put right half the time.
    private static int Mutate(byte[] packet, byte[] into, Random random)
    {
        var length = packet.Length;
        packet.CopyTo(into, 0);
        for (var changes = random.Next(4); changes > 0 && length > 0; changes--)
        {
            var at = random.Next(length);
            switch (random.Next(5))
            {
                case 0: into[at] = (byte)random.Next(256); break;
                case 1:
                    into.AsSpan(at + 1, length - at - 1).CopyTo(into.AsSpan(at));
                    length--;
                    break;
                case 2:
                    into.AsSpan(at, length - at).CopyTo(into.AsSpan(at + 1));
                    into[at] = (byte)random.Next(256);
                    length++;
                    break;
                case 3: // a piece of the packet once more, as of a property that comes twice
                    var piece = random.Next(1, Math.Min(9, length - at + 1));
                    into.AsSpan(at, length - at).CopyTo(into.AsSpan(at + piece));
                    length += piece;
                    break;
                default: into[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        if (length is > 2 and < 130 && random.Next(2) == 0) into[1] = (byte)(length - 2);
        return length;
    }

    private static void Feed(SessionBench bench, ReadOnlySequence<byte> bytes)
    {
        while (MqttFrame.TryRead(ref bytes, Options.MaxPacketSize, out var frame))
        {
            if (bench.Session.IsConnected && bench.Session.InFlightCount < 4)
            {
                bench.TryPublish("t", "x", MqttQos.AtLeastOnce, false);
                bench.TryPublish("t", "x", MqttQos.ExactlyOnce, false);
                bench.TrySubscribe(new MqttSubscribeOptions { Filter = "t" });
            }
            bench.Session.Receive(frame.Type, frame.Flags, frame.Body.FirstSpan, bench.Output, default);
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
