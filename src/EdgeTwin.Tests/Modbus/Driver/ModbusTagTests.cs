using EdgeTwin.Sources.Modbus;
using EdgeTwin.Tags;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeTwin.Tests.Modbus.Driver;

/// <summary>From registers to a value with its quality, and back.</summary>
public class ModbusTagTests
{
    public static IEnumerable<object[]> Readings => new TheoryData<string, TagConfig, string, string>
    {
        { "FFFE", Tag(TagDataType.Int16), "-2", "Good" },
        { "FFFE", Tag(TagDataType.UInt16), "65534", "Good" },
        { "00FE", Tag(TagDataType.Int8), "-2", "Good" },        // the low byte counts
        { "12FE", Tag(TagDataType.UInt8), "254", "Good" },
        { "FE12", Tag(TagDataType.UInt8) with { ByteOrder = WordOrder.Little }, "254", "Good" },
        { "FFFFFFFE", Tag(TagDataType.Int32), "-2", "Good" },
        { "FFFEFFFF", Tag(TagDataType.Int32) with { WordOrder = WordOrder.Little }, "-2", "Good" },
        { "0020000000000001", Tag(TagDataType.Int64), "9007199254740993", "Good" }, // beyond 2^53, exact
        { "FFFFFFFFFFFFFFFF", Tag(TagDataType.UInt64), "18446744073709551615", "Good" },
        { "41C80000", Tag(TagDataType.Float32), "25", "Good" },
        { "4039000000000000", Tag(TagDataType.Float64), "25", "Good" },
        { "1234", Tag(TagDataType.UInt16) with { Coding = NumberCoding.Bcd }, "1234", "Good" },
        { "12A4", Tag(TagDataType.UInt16) with { Coding = NumberCoding.Bcd }, "", "BadDecodingError" },
        { "00FA", Tag(TagDataType.Int16) with { Scale = 0.5, Offset = -5 }, "120", "Good" },
        { "0096", Tag(TagDataType.Int16) with { Range = new ValueRange(0, 100) }, "150",
        "UncertainEngineeringUnitsExceeded" },
        { "0064", Tag(TagDataType.Int16) with { Range = new ValueRange(0, 100) }, "100", "Good" },
        // after scaling
        { "0096", Tag(TagDataType.Int16) with { Range = new ValueRange(0, 100), Scale = 0.1 }, "15", "Good" },
        { "7FC00000", Tag(TagDataType.Float32), "NaN", "BadSensorFailure" },
        { "7F800000", Tag(TagDataType.Float32), "Infinity", "UncertainEngineeringUnitsExceeded" },
        { "50554D50", Tag(TagDataType.String) with { Length = 4 }, "PUMP", "Good" },
    };

    [Theory]
    [MemberData(nameof(Readings))]
    internal void Registers_become_a_value_with_its_quality(string wire, TagConfig config, string text, string status)
    {
        var tag = Make(config);
        var value = tag.Read(Convert.FromHexString(wire), 0, out var read);
        Assert.Equal((text, status), (value.ToString(), read.ToString()));
        Assert.True(value.IsNone || value.Type == (config.Scale is null ? config.Type : TagDataType.Float64));
    }

    [Fact]
    public void A_text_that_has_not_changed_is_not_made_again()
    {
        var tag = Make(Tag(TagDataType.String) with { Length = 4 });
        var first = tag.Read(Convert.FromHexString("50554D50"), 0, out _).Text;
        Assert.Same(first, tag.Read(Convert.FromHexString("50554D50"), 0, out _).Text);
        Assert.Equal("PUMQ", tag.Read(Convert.FromHexString("50554D51"), 0, out _).Text);
    }

    [Fact]
    public void What_is_written_is_read_back_for_every_type_and_order() => Prop.ForAll<ulong, int>((bits, seed) =>
    {
        var random = new Random(seed);
        var type = (TagDataType)random.Next((int)TagDataType.Int16, (int)TagDataType.String);
        var tag = Make(Tag(type) with { WordOrder = (WordOrder)random.Next(2), ByteOrder = (WordOrder)random.Next(2) });
        var value = type switch
        {
            TagDataType.Int16 => TagValue.From((short)bits),
            TagDataType.UInt16 => TagValue.From((ushort)bits),
            TagDataType.Int32 => TagValue.From((int)bits),
            TagDataType.UInt32 => TagValue.From((uint)bits),
            TagDataType.Float32 => TagValue.From((float)(int)bits),
            TagDataType.Float64 => TagValue.From((double)(long)bits),
            _ => TagValue.FromBits(type, (long)bits),
        };
        var registers = new byte[8];
        Assert.Equal(StatusCode.Good, tag.TryToDevice(value, out var device));
        Assert.Equal(StatusCode.Good, tag.TryWrite(device, registers));
        return tag.Read(registers, 0, out _) == value;
    }).QuickCheckThrowOnFailure();

    public static IEnumerable<object[]> Writings => new TheoryData<TagConfig, object, string, string>
    {
        { Tag(TagDataType.Int16) with { Scale = 0.1 }, 12.3, "007B", "Good" },                  // scaled back
        { Tag(TagDataType.Int16) with { Scale = 0.1 }, 3276.8, "0000", "BadOutOfRange" },
        { Tag(TagDataType.UInt16), -1, "0000", "BadOutOfRange" },
        { Tag(TagDataType.UInt64), 9007199254740993, "0020000000000001", "Good" },              // exact beyond 2^53
        // another number type that fits
        { Tag(TagDataType.Int16), 5.0, "0005", "Good" },
        { Tag(TagDataType.Int16), "5", "0000", "BadTypeMismatch" },
        { Tag(TagDataType.Float32), double.NaN, "00000000", "BadOutOfRange" },
        { Tag(TagDataType.Float32), 1e300, "00000000", "BadOutOfRange" },
        { Tag(TagDataType.UInt16) with { Coding = NumberCoding.Bcd }, 9999, "9999", "Good" },
        { Tag(TagDataType.UInt16) with { Coding = NumberCoding.Bcd }, 10000, "0000", "BadOutOfRange" },
        { Tag(TagDataType.Int16) with { Coding = NumberCoding.Bcd }, -1, "0000", "BadOutOfRange" },
        { Tag(TagDataType.String) with { Length = 4 }, "AB", "41420000", "Good" },
        { Tag(TagDataType.String) with { Length = 4 }, "ABCDE", "00000000", "BadOutOfRange" },
        { Tag(TagDataType.Int8), -2, "FFFE", "Good" },
    };

    [Theory]
    [MemberData(nameof(Writings))]
    internal void Only_what_fits_the_device_is_written(TagConfig config, object value, string wire, string status)
    {
        var tag = Make(config);
        var registers = new byte[wire.Length / 2];
        var given = value switch
        {
            int number => TagValue.From(number),
            long number => TagValue.From(number),
            double number => TagValue.From(number),
            _ => TagValue.From((string)value),
        };
        var judged = tag.TryToDevice(given, out var device);
        if (judged.IsGood) judged = tag.TryWrite(device, registers);
        Assert.Equal((status, wire), (judged.ToString(), Convert.ToHexString(registers)));
    }

    private static TagConfig Tag(TagDataType type) => ModbusDriverHarness.Config("holding:0", type);

    private static ModbusTag Make(TagConfig config) => new(ModbusDriverHarness.Tag(new TagTable(), "tag", config));
}
