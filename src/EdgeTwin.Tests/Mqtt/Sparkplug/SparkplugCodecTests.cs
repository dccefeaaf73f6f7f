using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

public class SparkplugCodecTests
{
    public static TheoryData<string, string> BadPayloads => new()
    {
        { "12 05 0A", "of 5 bytes of which 1" },
        { "12 FF FF FF FF 0F 0A", "of 4294967295 bytes" },
        { "08 80 80 80 80 80 80 80 80 80 02", "more than 64 bits" },
        { "08 80", "does not end" },
        { "00 01", "field number 0" },
        { "0B 01", "wire type 3" },
        { "0D 01 00 00 00", "wire type 5" },
        { "12 02 20 80", "does not end" },
        { "12 06 50 FF FF FF FF 1F", "32 bits" },
        { "12 02 70 02", "0 or 1" },
        { "12 03 0A 01 FF", "UTF-8" },
        { "12 05 4A 03 0A 01 61", "1 property keys for 0" },
        { "12 07 8A 01 04 08 02 12 00", "2 columns with 1 names" },
    };

    [Theory]
    [MemberData(nameof(BadPayloads))]
    public void A_bad_payload_is_refused_and_says_why(string hex, string reason)
    {
        var error = Assert.Throws<MqttException>(() =>
            SparkplugReader.Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));
        Assert.Equal(MqttError.Malformed, error.Error);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over()
    {
        byte[] payload =
        [
            0xA0, 0x06, 0x01, 0xA1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xA5, 0x06, 1, 2, 3, 4, 0xA2, 0x06, 0x01, 0xFF,
            0x18, 0x05,
        ];
        Assert.Equal(5ul, SparkplugReader.Read(payload).Sequence);
    }

    [Fact]
    public void Depth_and_number_of_elements_are_limited()
    {
        var writer = new SparkplugWriter();
        var nested = new SparkplugMetric { Name = "m" };
        for (var i = 0; i < 8; i++) nested = Around(nested);
        writer.Begin(null, null);
        writer.Metric(nested);
        SparkplugReader.Read(writer.Written);
        writer.Begin(null, null);
        writer.Metric(Around(nested));
        Assert.Equal(MqttError.TooLarge, ErrorOf(writer.Written.ToArray()));

        var many = new byte[20_002]; // empty metrics: two bytes each
        for (var i = 0; i < many.Length; i += 2) many[i] = 0x12;
        Assert.Equal(MqttError.TooLarge, ErrorOf(many));
        Assert.Equal(10_000, SparkplugReader.Read(many.AsSpan(0, 20_000)).Metrics.Count);

        static SparkplugMetric Around(in SparkplugMetric inner) => new()
        {
            Value = SparkplugValue.From(new SparkplugTemplate { IsDefinition = false, Metrics = [inner] }),
        };
        static MqttError ErrorOf(byte[] payload) =>
            Assert.Throws<MqttException>(() => SparkplugReader.Read(payload)).Error;
    }

    [Theory]
    [InlineData(SparkplugDataType.Int8, SparkplugField.Int, 0xFFFFFF80, -128L)]
    [InlineData(SparkplugDataType.Int8, SparkplugField.Int, 0x80, null)] // 128: not in two's complement of 32 bits
    [InlineData(SparkplugDataType.Int16, SparkplugField.Int, 0xFFFF7FFF, null)]
    [InlineData(SparkplugDataType.Int32, SparkplugField.Int, 0x80000000, -2147483648L)]
    [InlineData(SparkplugDataType.Int32, SparkplugField.Long, 5, null)]
    [InlineData(SparkplugDataType.UInt8, SparkplugField.Int, 256, null)]
    [InlineData(SparkplugDataType.UInt32, SparkplugField.Int, 0xFFFFFFFF, 4294967295L)]
    [InlineData(SparkplugDataType.UInt32, SparkplugField.Long, 0xFFFFFFFF, 4294967295L)]
    [InlineData(SparkplugDataType.UInt32, SparkplugField.Long, 0x100000000, null)]
    [InlineData(SparkplugDataType.Int64, SparkplugField.Long, 0x8000000000000000, long.MinValue)]
    [InlineData(SparkplugDataType.Int64, SparkplugField.Int, 5, null)]
    [InlineData(SparkplugDataType.UInt64, SparkplugField.Long, 0xFFFFFFFFFFFFFFFF, -1L)]
    [InlineData(SparkplugDataType.Double, SparkplugField.Long, 5, null)]
    public void An_integer_fits_its_type_or_is_none(
        SparkplugDataType type, SparkplugField field, ulong bits, long? expected)
    {
        var value = field == SparkplugField.Int ? SparkplugValue.FromInt((uint)bits) : SparkplugValue.FromLong(bits);
        Assert.Equal(expected is not null, value.TryGetInteger(type, out var read));
        if (expected is { } number) Assert.Equal(number, read);
    }

    // The examples of §6.4.17; its EF for -23 is a slip, two's complement is E9.
    [Fact]
    public void Arrays_are_packed_little_endian()
    {
        Assert.Equal("E97B", Convert.ToHexString(SparkplugArray.Pack<sbyte>([-23, 123])));
        Assert.Equal("D08A3075", Convert.ToHexString(SparkplugArray.Pack<short>([-30000, 30000])));
        Assert.Equal("FFFFFFFFFAAFCB12", Convert.ToHexString(SparkplugArray.Pack([-1, 315338746])));
        Assert.Equal("3400000000000000" + "D99E02D1B27637E4",
            Convert.ToHexString(SparkplugArray.Pack<ulong>([52, 16444743074749521625])));
        Assert.Equal("0C00000034D0", Convert.ToHexString(SparkplugArray.PackBooleans(
            [false, false, true, true, false, true, false, false, true, true, false, true])));
        Assert.Equal("41424300" + "68656C6C6F00", Convert.ToHexString(SparkplugArray.PackStrings(["ABC", "hello"])));
    }

    [Fact]
    public void Arrays_come_back()
    {
        Assert.Equal([1.5, double.NaN], SparkplugArray.Unpack<double>(SparkplugArray.Pack([1.5, double.NaN])));
        for (var count = 0; count < 20; count++)
        {
            var values = Enumerable.Range(0, count).Select(i => i % 3 == 0).ToArray();
            Assert.Equal(values, SparkplugArray.UnpackBooleans(SparkplugArray.PackBooleans(values)));
        }
        Assert.Equal(["", "é"], SparkplugArray.UnpackStrings(SparkplugArray.PackStrings(["", "é"])));
        Assert.Throws<MqttException>(() => SparkplugArray.Unpack<int>([1, 2, 3]));
        Assert.Throws<MqttException>(() => SparkplugArray.UnpackBooleans([0xFF, 0xFF, 0xFF, 0xFF, 1]));
        Assert.Throws<MqttException>(() => SparkplugArray.UnpackStrings([0x41]));
    }

    [Fact]
    public void Data_costs_no_allocation_in_steady_state()
    {
        var writer = new SparkplugWriter();
        for (var i = 0; i < 10; i++) Write(writer);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++) Write(writer);
        }));

        static void Write(SparkplugWriter writer)
        {
            writer.Begin(1_700_000_000_000, 7);
            for (var i = 0; i < 100; i++)
            {
                writer.Metric(new SparkplugMetric
                {
                    Alias = (ulong)i,
                    Timestamp = 1_700_000_000_000,
                    Value = i % 2 == 0 ? SparkplugValue.FromDoubleBits((ulong)i) : SparkplugValue.From("running"),
                });
            }
        }
    }
}
