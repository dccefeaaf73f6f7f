using EdgeTwin.Journal;
using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Journal;

public sealed class BlockCodecTests
{
    private static readonly JournalTags Tags = new([7, 1, 300, 2, 3]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(BlockEncoder.MostSamples)]
    public void Any_samples_come_back_bit_for_bit(int count)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var samples = AnySamples.Make(seed, count, 5);
            var bytes = new BlockEncoder(Tags).Encode(new Position(3, 77), samples).ToArray();
            var into = new Sample[BlockEncoder.MostSamples];
            var header = new BlockDecoder(Tags).Decode(bytes, into);
            Assert.Equal(new BlockHeader(new Position(3, 77), count), header);
            Assert.True(samples.AsSpan().SequenceEqual(into.AsSpan(0, count)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_block_with_any_bit_flipped_or_any_tail_cut_is_recognised_as_damaged()
    {
        var bytes = new BlockEncoder(Tags).Encode(new Position(1, 1), AnySamples.Make(1, 40, 5)).ToArray();
        var decoder = new BlockDecoder(Tags);
        var into = new Sample[BlockEncoder.MostSamples];
        decoder.Decode(bytes, into);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<DamagedDataException>(() => decoder.Decode(damaged, into));
        }

        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<DamagedDataException>(() => decoder.Decode(bytes.AsSpan(0, length), into));
    }

    [Fact]
    public void Bytes_that_carry_a_right_checksum_but_nonsense_never_do_worse_than_be_refused()
    {
        var random = new Random(4711);
        var decoder = new BlockDecoder(Tags);
        var into = new Sample[BlockEncoder.MostSamples];
        var sound = new BlockEncoder(Tags).Encode(new Position(1, 1), AnySamples.Make(1, 40, 5)).ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var writer = new ByteWriter();
            var body = sound.AsSpan(0, sound.Length - 4).ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) body[random.Next(body.Length)] = (byte)random.Next(256);
            writer.Bytes(body);
            writer.Seal();
            try
            {
                decoder.Decode(writer.Written, into);
            }
            catch (DamagedDataException)
            {
                continue;
            }
        }
    }
}
