using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>Payloads of all kinds, as a seed has them.</summary>
internal static class AnyPayload
{
    public static SparkplugPayload Next(Random random) => new()
    {
        Timestamp = Maybe(random, () => (ulong)random.NextInt64()),
        Sequence = Maybe(random, () => (ulong)random.Next(256)),
        Uuid = MaybeText(random),
        Body = random.Next(4) == 0
            ? new ReadOnlyMemory<byte>(new byte[random.Next(200)])
            : default(ReadOnlyMemory<byte>?),
        Metrics = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Metric(random, 0))],
    };

    private static SparkplugMetric Metric(Random random, int depth)
    {
        var isNull = random.Next(5) == 0;
        return new SparkplugMetric
        {
            Name = MaybeText(random),
            Alias = Maybe(random, () => (ulong)random.NextInt64()),
            Timestamp = Maybe(random, () => (ulong)random.NextInt64()),
            DataType = (SparkplugDataType)random.Next(35),
            IsHistorical = random.Next(2) == 0,
            IsTransient = random.Next(2) == 0,
            IsNull = isNull,
            MetaData = random.Next(4) == 0 ? new SparkplugMetaData { FileName = "f", IsMultiPart = false } : null,
            Properties = random.Next(3) == 0 ? Properties(random, depth) : null,
            Value = isNull ? default : Value(random, depth),
        };
    }

    private static SparkplugValue Value(Random random, int depth) => random.Next(depth < 3 ? 9 : 7) switch
    {
        6 => SparkplugValue.From(new byte[random.Next(300)]),
        7 => SparkplugValue.From(new SparkplugDataSet(["a", "b"], [SparkplugDataType.Int8, SparkplugDataType.Text],
            [.. Enumerable.Range(0, random.Next(4)).Select(_ => new[] { Basic(random), Basic(random) })])),
        8 => SparkplugValue.From(new SparkplugTemplate
        {
            Version = MaybeText(random),
            TemplateRef = MaybeText(random),
            IsDefinition = random.Next(2) == 0,
            Metrics = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Metric(random, depth + 1))],
            Parameters = [new SparkplugParameter("p", SparkplugDataType.Double, Basic(random))],
        }),
        _ => Basic(random),
    };

    private static SparkplugProperty[] Properties(Random random, int depth) =>
    [
        .. Enumerable.Range(0, random.Next(4)).Select(i => new SparkplugProperty(
            $"k{i}", (SparkplugDataType)random.Next(22), random.Next(depth < 3 ? 8 : 6) switch
            {
                0 => default,
                6 => SparkplugValue.From(Properties(random, depth + 1)),
                7 => SparkplugValue.From([Properties(random, depth + 1), []]),
                _ => Basic(random),
            })),
    ];

    private static SparkplugValue Basic(Random random) => random.Next(6) switch
    {
        0 => SparkplugValue.FromInt((uint)random.NextInt64()),
        1 => SparkplugValue.FromInt64(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => SparkplugValue.FromFloatBits((uint)random.NextInt64()),
        3 => SparkplugValue.FromDoubleBits((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
        4 => SparkplugValue.From(random.Next(2) == 0),
        _ => SparkplugValue.From(new string('é', random.Next(100))),
    };

    private static ulong? Maybe(Random random, Func<ulong> value) => random.Next(3) == 0 ? null : value();

    private static string? MaybeText(Random random) =>
        random.Next(2) == 0 ? null : new string('x', random.Next(20));
}
