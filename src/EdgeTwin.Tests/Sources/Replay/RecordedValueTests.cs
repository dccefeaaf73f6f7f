using EdgeTwin.Sources.Replay;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources.Replay;

public class RecordedValueTests
{
    [Theory]
    [InlineData("true", nameof(TagDataType.Bool), "true")]
    [InlineData("0", nameof(TagDataType.Bool), "false")]
    [InlineData("1.0", nameof(TagDataType.Bool), "true")]
    [InlineData("2", nameof(TagDataType.Bool), null)]
    [InlineData("-128", nameof(TagDataType.Int8), "-128")]
    [InlineData("128", nameof(TagDataType.Int8), null)]
    [InlineData("255", nameof(TagDataType.UInt8), "255")]
    [InlineData("3.0", nameof(TagDataType.Int16), "3")]
    [InlineData("3.5", nameof(TagDataType.Int16), null)]
    [InlineData("65535", nameof(TagDataType.UInt16), "65535")]
    [InlineData("-2147483648", nameof(TagDataType.Int32), "-2147483648")]
    [InlineData("4294967295", nameof(TagDataType.UInt32), "4294967295")]
    [InlineData("9007199254740993", nameof(TagDataType.Int64), "9007199254740993")]
    [InlineData("18446744073709551615", nameof(TagDataType.UInt64), "18446744073709551615")]
    [InlineData(" 1.5e-3 ", nameof(TagDataType.Float64), "0.0015")]
    [InlineData("0.1", nameof(TagDataType.Float32), "0.1")]
    [InlineData("-0.0", nameof(TagDataType.Float64), "-0")]
    [InlineData("1,5", nameof(TagDataType.Float64), null)]
    [InlineData("abc", nameof(TagDataType.Float64), null)]
    [InlineData(" 007 ", nameof(TagDataType.String), " 007 ")]
    public void A_field_becomes_a_value_of_the_type_or_nothing(string field, string type, string? expected)
    {
        var parsed = RecordedValue.TryParse(field, Enum.Parse<TagDataType>(type), out var value);
        Assert.Equal(expected, parsed ? value.ToString() : null);
        Assert.Equal(parsed ? type : nameof(TagDataType.None), value.Type.ToString());
    }

    [Theory]
    [InlineData("2020-02-08 13:30:47", "2020-02-08T13:30:47.0000000Z")]
    [InlineData("2020-02-08T13:30:47.250+02:00", "2020-02-08T11:30:47.2500000Z")]
    [InlineData("1581168647.5", "2020-02-08T13:30:47.5000000Z")]
    [InlineData("4", "1970-01-01T00:00:04.0000000Z")]
    [InlineData("1e300", null)]
    [InlineData("yesterday", null)]
    [InlineData("", null)]
    public void A_time_is_read_as_UTC(string field, string? expected) =>
        Assert.Equal(expected, RecordedValue.TryParseTime(field, out var utc) ? utc.ToString("O") : null);
}
