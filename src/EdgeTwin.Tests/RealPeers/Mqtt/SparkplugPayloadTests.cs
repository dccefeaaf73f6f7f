using System.Text.Json;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>Our codec against the package sparkplug-payload.</summary>
public class SparkplugPayloadTests
{
    private static readonly (SparkplugDataType Type, SparkplugValue Value, string Shown)[] Values =
    [
        (SparkplugDataType.Int8, SparkplugValue.FromInt32(-128), "-128"),
        (SparkplugDataType.Int8, SparkplugValue.FromInt32(127), "127"),
        (SparkplugDataType.Int16, SparkplugValue.FromInt32(-32768), "-32768"),
        (SparkplugDataType.Int32, SparkplugValue.FromInt32(int.MinValue), "-2147483648"),
        (SparkplugDataType.Int32, SparkplugValue.FromInt32(-1), "-1"),
        (SparkplugDataType.Int64, SparkplugValue.FromInt64(long.MinValue), "-9223372036854775808"),
        (SparkplugDataType.Int64, SparkplugValue.FromInt64(9007199254740993), "9007199254740993"),
        (SparkplugDataType.UInt8, SparkplugValue.FromInt(255), "255"),
        (SparkplugDataType.UInt16, SparkplugValue.FromInt(65535), "65535"),
        (SparkplugDataType.UInt32, SparkplugValue.FromLong(uint.MaxValue), "4294967295"),
        (SparkplugDataType.UInt64, SparkplugValue.FromLong(ulong.MaxValue), "18446744073709551615"),
        (SparkplugDataType.Float, SparkplugValue.FromFloatBits(0x3FC00000), "3fc00000"),
        (SparkplugDataType.Float, SparkplugValue.FromFloatBits(0x7FC00000), "7fc00000"),
        (SparkplugDataType.Float, SparkplugValue.FromFloatBits(0x80000000), "80000000"),
        (SparkplugDataType.Double, Double(0.1), "3fb999999999999a"),
        (SparkplugDataType.Double, SparkplugValue.FromDoubleBits(0x7FF8000000000000), "7ff8000000000000"),
        (SparkplugDataType.Double, Double(double.NegativeInfinity), "fff0000000000000"),
        (SparkplugDataType.Boolean, SparkplugValue.From(true), "true"),
        (SparkplugDataType.Boolean, SparkplugValue.From(false), "false"),
        (SparkplugDataType.String, SparkplugValue.From("Größe ⚙"), "Größe ⚙"),
        (SparkplugDataType.String, SparkplugValue.From(""), ""),
        (SparkplugDataType.Text, SparkplugValue.From(new string('x', 300)), new string('x', 300)),
        (SparkplugDataType.Uuid, SparkplugValue.From("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        (SparkplugDataType.DateTime, SparkplugValue.FromLong(1_700_000_000_123), "1700000000123"),
        (SparkplugDataType.Bytes, SparkplugValue.From([0, 255, 1]), "00ff01"),
    ];

    [Fact]
    public async Task Every_value_is_read_there_as_it_was_written_here_and_comes_back_bit_for_bit()
    {
        await using var peer = await SparkplugHost.StartAsync();
        var writer = new SparkplugWriter();
        writer.Begin(1_700_000_000_000, 200);
        for (var i = 0; i < Values.Length; i++)
        {
            writer.Metric(new SparkplugMetric
            {
                Name = $"m{i}",
                Alias = (ulong)i,
                Timestamp = 1_700_000_000_001,
                DataType = Values[i].Type,
                Value = Values[i].Value,
            });
        }
        var hex = Convert.ToHexString(writer.Written);
        var read = (await peer.SendAsync("decode", new { hex })).GetProperty("payload");
        Assert.Equal(("200", "1700000000000"), (read.GetProperty("seq").GetString(),
            read.GetProperty("timestamp").GetString()));
        var metrics = read.GetProperty("metrics").EnumerateArray().ToList();
        Assert.Equal(Values.Select(value => value.Shown), metrics.Select(metric => Shown(metric.GetProperty("value"))));

        var back = (await peer.SendAsync("recode", new { hex })).GetProperty("hex").GetString()!;
        var payload = SparkplugReader.Read(Convert.FromHexString(back));
        for (var i = 0; i < Values.Length; i++)
        {
            var (expected, actual) = (Values[i], payload.Metrics[i]);
            Assert.Equal((expected.Type, expected.Value.Field), (actual.DataType, actual.Value.Field));
            // The package gives a UInt32 back as the signed number it takes it for; its low half is right.
            if (expected.Type == SparkplugDataType.UInt32)
                Assert.Equal((uint)expected.Value.Bits, (uint)actual.Value.Bits);
            else Assert.Equal((expected.Value.Bits, expected.Value.Text), (actual.Value.Bits, actual.Value.Text));
            Assert.Equal(Convert.ToHexString(expected.Value.Bytes.Span), Convert.ToHexString(actual.Value.Bytes.Span));
        }
    }

    [Fact]
    public async Task Flags_properties_and_null_are_understood()
    {
        await using var peer = await SparkplugHost.StartAsync();
        var writer = new SparkplugWriter();
        writer.Begin(1, 0);
        writer.Metric(new SparkplugMetric
        {
            Name = "p",
            DataType = SparkplugDataType.Double,
            IsHistorical = true,
            IsNull = true,
            Properties =
            [
                new SparkplugProperty("engUnit", SparkplugDataType.String, SparkplugValue.From("bar")),
                new SparkplugProperty("Quality", SparkplugDataType.Int32, SparkplugValue.FromInt(500)),
                new SparkplugProperty("engHigh", SparkplugDataType.Double, Double(10.5)),
            ],
        });
        var answer = await peer.SendAsync("decode", new { hex = Convert.ToHexString(writer.Written) });
        var metric = answer.GetProperty("payload").GetProperty("metrics")[0];
        Assert.True(metric.GetProperty("historical").GetBoolean());
        Assert.True(metric.GetProperty("isNull").GetBoolean());
        var properties = metric.GetProperty("properties");
        Assert.Equal("String:bar", properties.GetProperty("engUnit").GetString());
        Assert.Equal("Int32:500", properties.GetProperty("Quality").GetString());
        Assert.Equal("Double:10.5", properties.GetProperty("engHigh").GetString());
    }

    private static SparkplugValue Double(double value) =>
        SparkplugValue.FromDoubleBits(BitConverter.DoubleToUInt64Bits(value));

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
