using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Journal;

/// <summary>Seeded samples of every type with the values that codecs get wrong: NaN payloads, −0.0, extremes, odd
/// strings.</summary>
internal static class AnySamples
{
    private static readonly double[] OddDoubles =
    [
        0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF),
            BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001),
        double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e22,
        1e-300, 123456.789,
    ];

    private static readonly string[] Texts =
        ["", "running", "stopped", "läuft", "\uD83D\uDE00", "\uD800", "\0", new string('x', 300)];

    public static Sample[] Make(int seed, int count, int tags)
    {
        var random = new Random(seed);
        var samples = new Sample[count];
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var mixed = random.Next(3) == 0;
        var kind = Enumerable.Range(0, tags).Select(_ => random.Next(14)).ToArray();
        var walk = new double[tags];
        for (var i = 0; i < count; i++)
        {
            var tag = random.Next(4) == 0 ? random.Next(tags) : i % tags;
            time = time.AddTicks(random.Next(5) == 0 ? random.NextInt64(-20_000_000, 100_000_000) : 1_000_000);
            walk[tag] += random.Next(-50, 51) * 0.01;
            samples[i] = new Sample(
                new TagId(tag),
                Value(random, mixed ? random.Next(14) : kind[tag], walk[tag]),
                random.Next(20) == 0 ? new StatusCode((uint)random.NextInt64(0, 1L << 32)) : StatusCode.Good,
                time,
                random.Next(3) == 0 ? time.AddTicks(random.Next(0, 100_000)) : time,
                (ClockState)(random.Next(50) == 0 ? 0 : 1));
        }

        return samples;
    }

    private static TagValue Value(Random random, int kind, double walk) => kind switch
    {
        0 => TagValue.None,
        1 => TagValue.From(random.Next(2) == 1),
        2 => TagValue.From((sbyte)random.Next(-128, 128)),
        3 => TagValue.From((byte)random.Next(256)),
        4 => TagValue.From((short)random.Next(short.MinValue, short.MaxValue + 1)),
        5 => TagValue.From((ushort)random.Next(ushort.MaxValue + 1)),
        6 => TagValue.From(random.Next(3) == 0 ? int.MinValue : random.Next()),
        7 => TagValue.From((uint)random.NextInt64(0, 1L << 32)),
        8 => TagValue.From(random.Next(3) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.NextInt64() }),
        9 => TagValue.From(random.Next(3) == 0 ? ulong.MaxValue : (ulong)random.NextInt64()),
        10 => TagValue.From(random.Next(4) == 0 ? BitConverter.Int32BitsToSingle(random.Next())
        : (float)Math.Round(walk, 2)),
        11 => TagValue.From(random.Next(10) == 0 ? OddDoubles[random.Next(OddDoubles.Length)] : Math.Round(walk, 2)),
        12 => TagValue.From(Texts[random.Next(Texts.Length)]),
        _ => TagValue.From(random.NextDouble() * walk),
    };
}
