using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Tags;

public class TagValueTests
{
    [Fact]
    public void A_NaN_keeps_its_payload_and_minus_zero_its_sign()
    {
        var nan = BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF);
        Assert.Equal(0x7FF8_0000_DEAD_BEEF, TagValue.From(nan).Bits);
        Assert.NotEqual(TagValue.From(0.0), TagValue.From(-0.0));
    }

    [Theory]
    [InlineData(nameof(TagDataType.Int16), 32768)]
    [InlineData(nameof(TagDataType.UInt16), -1)]
    [InlineData(nameof(TagDataType.UInt64), 18446744073709551616d)]
    [InlineData(nameof(TagDataType.Int64), double.NaN)]
    public void A_number_that_does_not_fit_is_refused(string type, double number)
    {
        Assert.False(TagValue.TryFromDouble(Enum.Parse<TagDataType>(type), number, out var value));
        Assert.True(value.IsNone);
    }

    [Fact]
    public void A_counter_beyond_2_to_the_53_stays_exact() =>
        Assert.Equal("9007199254740993", TagValue.From(9007199254740993L).ToString());
}
