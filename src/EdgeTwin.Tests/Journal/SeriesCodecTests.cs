using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Journal;

public sealed class SeriesCodecTests
{
    private static readonly Numbers Integers = new(NumberKind.Integer, 0);

    public static TheoryData<string> Shapes =>
        ["constant", "ramp", "noise", "extremes", "few", "digits", "walk", "ticks", "single", "sparse"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Any_series_comes_back(string shape)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var series = Series(shape, new Random(seed), seed == 0 ? 1 : 50 * seed * seed);
            foreach (var effort in Enum.GetValues<Effort>())
            {
                foreach (var numbers in (Numbers[])[Integers, new(NumberKind.Ordered64, 0),
                    new(NumberKind.Ordered32, 0)])
                {
                    if (numbers.Kind == NumberKind.Ordered32
                        && series.Any(value => value is < int.MinValue or > int.MaxValue)) continue;
                    var writer = new ByteWriter();
                    SeriesCodec.Write(writer, series, numbers, effort);
                    var reader = new ByteReader(writer.Written);
                    var back = new long[series.Length];
                    SeriesCodec.Read(ref reader, back, numbers);
                    Assert.True(series.AsSpan().SequenceEqual(back), $"{shape} {seed} {effort} {numbers}");
                    Assert.Equal(0, reader.Remaining);
                }
            }
        }
    }

    [Theory]
    [InlineData("constant", 0.01)]
    [InlineData("ramp", 0.01)]
    [InlineData("noise", 1.65)]
    [InlineData("few", 0.30)]
    public void Regular_series_cost_next_to_nothing_and_noise_what_its_entropy_is(string shape, double mostBytesEach)
    {
        var series = Series(shape, new Random(1), 8000);
        var writer = new ByteWriter();
        SeriesCodec.Write(writer, series, Integers, Effort.Thorough);
        Assert.InRange((double)writer.Length / series.Length, 0, mostBytesEach);
    }

    [Fact]
    public void Any_values_of_any_type_come_back_bit_for_bit_from_a_chunk()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var samples = AnySamples.Make(seed, random.Next(1, 2000), random.Next(1, 4));
            var chunk = samples.Where(sample => sample.Tag.Index == 0)
                .Select((sample, i) => new TimedValue(i * (1 + (seed % 3)), sample.Status, sample.Value)).ToArray();
            foreach (var effort in Enum.GetValues<Effort>())
            {
                var writer = new ByteWriter();
                ChunkCodec.Write(writer, chunk, effort);
                Assert.True(chunk.AsSpan().SequenceEqual(ChunkCodec.Read(writer.Written)), $"seed {seed} {effort}");
            }
        }
    }

    [Fact]
    public void Decimals_are_recognised_as_Float32_and_as_Float64()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 1000).Select(_ => Math.Round((random.NextDouble() * 300) - 100, 3)).ToArray();
        var doubles = values.Select(BitConverter.DoubleToInt64Bits).ToArray();
        Assert.Equal(new Numbers(NumberKind.Decimal, 3), NumberChoice.Choose(TagDataType.Float64, doubles));
        var floats = values.Select(value => (long)BitConverter.SingleToUInt32Bits((float)value)).ToArray();
        Assert.Equal(new Numbers(NumberKind.Decimal, 3), NumberChoice.Choose(TagDataType.Float32, floats));
        doubles = [.. values.Select(value => BitConverter.DoubleToInt64Bits(value * Math.PI))];
        Assert.Equal(NumberKind.Ordered64, NumberChoice.Choose(TagDataType.Float64, doubles).Kind);
    }

    [Fact]
    public void A_chunk_with_any_bit_flipped_is_recognised_as_damaged_and_nonsense_under_a_right_checksum_is_survived()
    {
        var random = new Random(11);
        for (var seed = 0; seed < 12; seed++)
        {
            var chunk = AnySamples.Make(seed, 120, 1).Select((sample, i) =>
                new TimedValue(i, sample.Status, sample.Value)).ToArray();
            var writer = new ByteWriter();
            ChunkCodec.Write(writer, chunk, Effort.Thorough);
            var sound = writer.ToArray();
            for (var bit = 0; bit < sound.Length * 8; bit += 3)
            {
                var damaged = (byte[])sound.Clone();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Throws<DamagedDataException>(() => ChunkCodec.Read(damaged));
                var resealed = new ByteWriter();
                resealed.Bytes(damaged.AsSpan(0, damaged.Length - 4));
                resealed.Seal();
                _ = Record.Exception(() => ChunkCodec.Read(resealed.Written)) is null or DamagedDataException
                    ? true
                    : throw new InvalidOperationException($"seed {seed} bit {bit} {random.Next()}");
            }
        }
    }

    private static long[] Series(string shape, Random random, int count)
    {
        long walk = 0;
        var series = new long[count];
        for (var i = 0; i < count; i++)
        {
            walk += random.Next(-100, 101);
            series[i] = shape switch
            {
                "constant" => 4711,
                "ramp" => -5000 + (i * 25),
                "noise" => 500_000 + random.Next(1 << 12),
                "extremes" =>
                random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => 0, _ => random.NextInt64() },
                "few" => new[] { -273216L, 54711, 382638, 710565 }[random.Next(4)],
                "digits" => random.Next(2) == 0 ? random.Next(100_000, 1_000_000) : random.Next(100_000, 200_000) * 10L,
                "ticks" => 638_000_000_000_000_000 + (i * 1_000_000L) + random.Next(3000),
                "single" => i == count / 2 ? 1 : 0,
                "sparse" => random.Next(30) == 0 ? random.Next() : 7,
                _ => walk,
            };
        }

        return series;
    }
}
