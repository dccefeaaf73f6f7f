using System.Buffers.Binary;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>The open channel without a wire: order, tokens, chunks (OPC 10000-6 §6.7).</summary>
public class SecureChannelTests
{
    private static readonly byte[] Message = [1, 0, 119, 2, 42];

    public static TheoryData<string, MessageSecurityMode> Secured
    {
        get
        {
            var all = new TheoryData<string, MessageSecurityMode>();
            foreach (var policy in SecurityPolicy.All.Where(static p => p.IsSecure))
            {
                all.Add(policy.Name, MessageSecurityMode.Sign);
                all.Add(policy.Name, MessageSecurityMode.SignAndEncrypt);
            }

            return all;
        }
    }

    /// <summary>Every length of padding: 48 lengths of body cover all remainders of the block.</summary>
    [Theory]
    [MemberData(nameof(Secured))]
    public void A_message_of_any_length_arrives_as_it_was_sent(string policy, MessageSecurityMode mode)
    {
        using var pair = new ChannelPair(SecurityPolicy.ByName(policy), mode);
        for (var length = 0; length < 48; length++)
        {
            var message = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();
            var frame = Assert.Single(pair.Request((uint)length, message));
            var got = pair.Serve(frame);
            Assert.Equal((ReceivedKind.Message, (uint)length), (got.Kind, got.RequestId));
            Assert.Equal(message, got.Body);
        }
    }

    /// <summary>Whatever bit of a sealed chunk is changed, the chunk is refused: headers are signed, too.</summary>
    [Theory]
    [MemberData(nameof(Secured))]
    public void A_flip_in_any_byte_is_refused(string policy, MessageSecurityMode mode)
    {
        using var pair = new ChannelPair(SecurityPolicy.ByName(policy), mode);
        var frame = Assert.Single(pair.Request(5, Message));
        for (var at = 8; at < frame.Length; at++)
        {
            var flipped = frame.ToArray();
            flipped[at] ^= (byte)(1 << at % 8);
            var refused = Assert.Throws<OpcUaException>(() => pair.Serve(flipped)).Status;
            Assert.Equal(at switch
            {
                < 12 => StatusCodes.BadTcpSecureChannelUnknown,
                < 16 => StatusCodes.BadSecureChannelTokenUnknown,
                _ => StatusCodes.BadSecurityChecksFailed,
            }, refused.Value);
        }

        // The control: nothing was wrong but the flips.
        Assert.Equal(Message, pair.Serve(frame).Body);
    }

    [Theory]
    [InlineData(MessageSecurityMode.Sign)]
    [InlineData(MessageSecurityMode.SignAndEncrypt)]
    public void Chunks_too_short_for_their_signature_are_refused(MessageSecurityMode mode)
    {
        using var pair = new ChannelPair(SecurityPolicy.Basic256Sha256, mode);
        var frame = Assert.Single(pair.Request(5, Message));
        for (var length = 24; length < frame.Length; length++)
        {
            var cut = frame[..length];
            BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(4), length);
            Assert.Equal(StatusCodes.BadSecurityChecksFailed, Refused(() => pair.Serve(cut)));
        }

        Assert.Equal(StatusCodes.BadDecodingError, Refused(() => pair.Serve(WithSize(frame[..20]))));
    }

    [Fact]
    public void Every_message_is_counted_and_a_replay_a_gap_or_a_step_back_is_refused_also_without_security()
    {
        using var pair = new ChannelPair();
        var frames = Enumerable.Range(0, 4).Select(i => pair.Request((uint)i, Message)[0]).ToArray();
        pair.Serve(frames[0].ToArray());
        pair.Serve(frames[1].ToArray());
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, Refused(() => pair.Serve(frames[1].ToArray())));
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, Refused(() => pair.Serve(frames[0].ToArray())));
        Assert.Equal(StatusCodes.BadSequenceNumberInvalid, Refused(() => pair.Serve(frames[3].ToArray())));
        pair.Serve(frames[2]);
    }

    /// <summary>OPC 10000-6 §6.7.2.4: past 4294966271 the next number is below 1024.</summary>
    [Fact]
    public void Legacy_sequence_numbers_begin_again_past_their_limit()
    {
        using var pair = new ChannelPair(firstSequence: 4_294_966_270);
        var sent = new List<uint>();
        for (var i = 0; i < 5; i++)
        {
            var frame = pair.Request(1, Message)[0];
            sent.Add(SymmetricChunk.Sequence(ListSink.AsFrame(frame)));
            pair.Serve(frame);
        }

        Assert.Equal([4_294_966_270, 4_294_966_271, 4_294_966_272, 1, 2], sent);
    }

    [Theory]
    [InlineData(4_294_966_272u, 0u, true)]
    [InlineData(4_294_966_272u, 1023u, true)]
    [InlineData(4_294_966_272u, 1024u, false)]
    [InlineData(4_294_966_272u, 4_294_966_273u, true)]
    [InlineData(uint.MaxValue, 0u, true)]
    [InlineData(4_294_966_271u, 1u, false)]
    [InlineData(4_294_966_271u, 4_294_966_272u, true)]
    [InlineData(5u, 1u, false)]
    public void A_legacy_peer_may_begin_again_only_past_the_limit(uint last, uint next, bool allowed) =>
        Assert.Equal(allowed, Follows(legacy: true, last, next));

    [Theory]
    [InlineData(uint.MaxValue, 0u, true)]
    [InlineData(uint.MaxValue, 1u, false)]
    [InlineData(4_294_966_272u, 1u, false)]
    [InlineData(4_294_966_272u, 4_294_966_273u, true)]
    public void Other_peers_count_through_all_bits(uint last, uint next, bool allowed) =>
        Assert.Equal(allowed, Follows(legacy: false, last, next));

    [Fact]
    public void Ecc_channels_count_from_zero_through_all_bits()
    {
        var sequence = new SendSequence(legacy: false);
        Assert.Equal(0u, sequence.Next());
        var late = new SendSequence(legacy: false, first: uint.MaxValue);
        Assert.Equal([uint.MaxValue, 0u], [late.Next(), late.Next()]);
    }

    [Fact]
    public void After_a_renewal_both_tokens_are_taken_until_the_new_one_is_used()
    {
        using var pair = new ChannelPair(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        var underOld = pair.Request(1, Message)[0];
        var (forClient, forServer) = pair.Issue(2, TimeSpan.FromSeconds(45));
        pair.Server.Add(forServer, pair.ToClient);
        pair.Client.Add(forClient, pair.ToServer);

        Assert.Equal(Message, pair.Serve(underOld).Body);
        // The server goes on with the old token until the client has used the new one; the client takes it.
        var answer = pair.Respond(1, Message);
        Assert.Equal(1u, SymmetricChunk.TokenId(ListSink.AsFrame(answer)));
        Assert.Equal(Message, pair.Answer(answer).Body);

        var underNew = pair.Request(2, Message)[0];
        Assert.Equal(2u, SymmetricChunk.TokenId(ListSink.AsFrame(underNew)));
        Assert.Equal(Message, pair.Serve(underNew).Body);
        Assert.Equal(2u, SymmetricChunk.TokenId(ListSink.AsFrame(pair.Respond(2, Message))));
        // Used once, the new token ends the old one.
        Assert.Equal(StatusCodes.BadSecureChannelTokenUnknown, Refused(() => pair.Serve(underOld)));
    }

    [Fact]
    public void A_token_is_taken_until_a_quarter_past_its_lifetime()
    {
        using var pair = new ChannelPair();
        var frames = new[] { pair.Request(1, Message)[0], pair.Request(2, Message)[0] };
        pair.Serve(frames[0], ChannelPair.Lifetime * 1.25);
        Assert.Equal(StatusCodes.BadSecureChannelTokenUnknown,
            Refused(() => pair.Serve(frames[1], ChannelPair.Lifetime * 1.25 + TimeSpan.FromTicks(1))));
        Assert.Equal(ChannelPair.Lifetime * 1.25, pair.Server.EndsAt);
    }

    [Fact]
    public void A_message_travels_in_chunks_that_fit_the_peers_buffer()
    {
        using var pair = new ChannelPair(SecurityPolicy.Aes256Sha256RsaPss, MessageSecurityMode.SignAndEncrypt,
            ChannelPair.Limits with { SendBufferSize = 8192 });
        var message = new byte[100_000];
        Random.Shared.NextBytes(message);
        var frames = pair.Request(9, message);
        Assert.All(frames, static frame => Assert.True(frame.Length <= 8192));
        Assert.Equal(13, frames.Count);
        foreach (var frame in frames[..^1]) Assert.Equal(ReceivedKind.Part, pair.Serve(frame).Kind);
        Assert.Equal(message, pair.Serve(frames[^1]).Body);
        Assert.Equal(0, pair.Budget.Used);
    }

    [Fact]
    public void An_abort_drops_its_message_and_nothing_else()
    {
        using var pair = new ChannelPair(limits: ChannelPair.Limits with { SendBufferSize = 8192 });
        pair.Serve(pair.Request(1, new byte[20_000])[0]);
        // The rest of the message is never sent, so the next number is that of the abort.
        pair.ToServer.Frames.Clear();
        var second = new ChannelPair(limits: ChannelPair.Limits, firstSequence: 2);
        second.Client.WriteAbort(second.ToServer, 1, new ErrorMessage(StatusCodes.BadRequestTooLarge, "no"));
        var (kind, request, body) = pair.Serve(second.ToServer.Frames[0]);
        Assert.Equal((ReceivedKind.Aborted, 1u), (kind, request));
        Assert.Equal(new ErrorMessage(StatusCodes.BadRequestTooLarge, "no"), ErrorMessage.Read(body));
        Assert.Equal(0, pair.Budget.Used);
        Assert.Equal(Message, pair.Serve(second.Request(2, Message)[0]).Body);
    }

    [Fact]
    public void Chunks_of_two_messages_may_not_be_mixed()
    {
        using var pair = new ChannelPair(limits: ChannelPair.Limits with { SendBufferSize = 8192 });
        var first = pair.Request(1, new byte[20_000])[0];
        using var other = new ChannelPair(limits: ChannelPair.Limits with { SendBufferSize = 8192 }, firstSequence: 2);
        var second = other.Request(2, new byte[20_000])[0];
        pair.Serve(first);
        Assert.Equal(StatusCodes.BadTcpMessageTypeInvalid, Refused(() => pair.Serve(second)));
    }

    [Fact]
    public void Too_many_chunks_are_refused_however_small()
    {
        using var pair = new ChannelPair(limits: ChannelPair.Limits with { MaxReceiveChunkCount = 3 });
        for (uint i = 1; i <= 3; i++) pair.Serve(Part(i, 10));
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, Refused(() => pair.Serve(Part(4, 10))));
    }

    [Fact]
    public void A_message_larger_than_announced_is_refused()
    {
        using var pair = new ChannelPair(limits: ChannelPair.Limits with { MaxReceiveMessageSize = 10_000 });
        pair.Serve(Part(1, 6000));
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, Refused(() => pair.Serve(Part(2, 6000))));
    }

    [Fact]
    public void A_single_chunk_larger_than_the_largest_message_is_refused()
    {
        using var pair = new ChannelPair(limits: ChannelPair.Limits with { MaxReceiveMessageSize = 10_000 });
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge,
            Refused(() => pair.Serve(Assert.Single(pair.Request(1, new byte[10_001])))));
    }

    /// <summary>256 connections with 16 MiB each would be 4 GiB; the budget is common to all.</summary>
    [Fact]
    public void Incomplete_messages_of_all_connections_share_a_budget()
    {
        using var pair = new ChannelPair(budget: 10_000);
        pair.Serve(Part(1, 6000));
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, Refused(() => pair.Serve(Part(2, 6000))));
        pair.Server.Dispose();
        Assert.Equal(0, pair.Budget.Used);
    }

    [Theory]
    [InlineData(20_000, 0, false)]
    [InlineData(10_000, 0, true)]
    [InlineData(10_000, 1, false)]
    [InlineData(8_000, 1, true)]
    public void The_peers_limits_bind_what_is_sent(int bytes, int chunks, bool takes)
    {
        var limits = ChannelPair.Limits with
        {
            SendBufferSize = 8192,
            MaxSendMessageSize = 10_000,
            MaxSendChunkCount = chunks == 0 ? int.MaxValue : chunks,
        };
        using var pair = new ChannelPair(limits: limits);
        Assert.Equal(takes, pair.Server.Takes(bytes));
    }

    // An intermediate chunk of policy None for request 1.
    private static byte[] Part(uint sequence, int body)
    {
        var frame = new byte[24 + body];
        SymmetricChunk.WriteHeaders(frame, MessageType.Message, ChunkKind.Intermediate, 7, 1, sequence, 1);
        return frame;
    }

    private static byte[] WithSize(byte[] frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), frame.Length);
        return frame;
    }

    private static uint Refused(Action action) => Assert.Throws<OpcUaException>(action).Status.Value;

    private static bool Follows(bool legacy, uint last, uint next)
    {
        var sequence = new ReceiveSequence(legacy);
        sequence.Check(last);
        try
        {
            sequence.Check(next);
            return true;
        }
        catch (OpcUaException e)
        {
            Assert.Equal(new StatusCode(StatusCodes.BadSequenceNumberInvalid), e.Status);
            return false;
        }
    }
}
