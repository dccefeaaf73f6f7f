using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>Changed frames against the server's phases, before and after the channel is open: the declared exception or
/// an honest answer, and nothing kept.</summary>
public class PhaseFuzzTests
{
    private const int Seed = 20260;

    [Fact]
    public void Changed_frames_end_in_the_declared_exception_only()
    {
        var rounds = 200_000 * Server.ServiceFuzzTests.Factor;
        var random = new Random(Seed);
        var host = new Host();
        using var peer = new RawPeer(null!);
        byte[][] corpus =
        [
            RawPeer.Hello(), peer.Open(), peer.Open(SecurityTokenRequestType.Renew, 1),
                peer.Open(policy: "Basic256Sha256"),
            Chunk('F'), Chunk('C'), Chunk('A'), Chunk('F', MessageType.Close),
        ];
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            using var connection = new Connection(host);
            try
            {
                // As far as an honest client gets, then one frame that is not.
                var honest = random.Next(3);
                if (honest > 0) connection.Receive(RawPeer.Hello());
                if (honest > 1) connection.Receive(new RawPeer(null!).Open());
                connection.Receive(Mutate(random, corpus[random.Next(corpus.Length)]));
            }
            catch (OpcUaException e)
            {
                Assert.True(e.Status.IsBad, $"seed {Seed}, round {round}");
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 2, rounds);
        Assert.Equal(0, host.Budget.Used);
    }

    [Fact]
    public void Changed_secured_chunks_are_all_refused()
    {
        var random = new Random(Seed);
        using var pair = new ChannelPair(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        var frame = pair.Request(1, new byte[100])[0];
        for (var round = 0; round < 100_000 * Server.ServiceFuzzTests.Factor; round++)
        {
            var changed = Mutate(random, frame);
            if (changed.AsSpan().SequenceEqual(frame) || changed.Length < 8) continue;
            Assert.Throws<OpcUaException>(() => pair.Serve(changed));
        }
    }

    private static byte[] Chunk(char kind, MessageType type = MessageType.Message)
    {
        var frame = new byte[64];
        SymmetricChunk.WriteHeaders(frame, type, (ChunkKind)kind, 1, 1, 2, 3);
        return frame;
    }

    private static byte[] Mutate(Random random, byte[] frame)
    {
        var changed = frame.ToArray();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(changed.Length);
            changed[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(random.Next(2) * 255),
                _ => (byte)(changed[at] ^ 1 << random.Next(8)),
            };
        }

        // Half of them are cut, too.
        if (random.Next(2) == 0) changed = changed[..random.Next(8, changed.Length + 1)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(4), changed.Length);
        return changed;
    }

    private sealed class Host
    {
        public MemoryBudget Budget { get; } = new(1 << 20);

        public ChannelIds Ids { get; } = new();

        public TestServerSecurity Security { get; } = new();
    }

    private sealed class Connection : IServerPhaseEvents, IDisposable
    {
        private readonly ListSink sink = new();
        private ServerPhase? phase;

        public Connection(Host host) => phase = new HelloPhase(
            new ServerPhaseContext(sink, this, host.Security, new ChannelLimits(), host.Budget, host.Ids,
                TimeProvider.System), TimeSpan.Zero);

        public void Receive(byte[] bytes) =>
            phase = phase?.Receive(Frame.Read(bytes, 0, phase.MaxFrame), TimeSpan.FromSeconds(1));

        public void OnNegotiated(in TransportLimits limits) =>
            Assert.InRange(limits.SendBufferSize, ChannelLimits.SmallestBuffer, 65536);

        public void OnOpened(SecureChannel channel, ChannelInfo info) => Assert.NotEqual(0u, info.Id);

        public void OnRequest(uint requestId, ReadOnlySpan<byte> message)
        {
        }

        public void Dispose() => phase?.Dispose();
    }
}
