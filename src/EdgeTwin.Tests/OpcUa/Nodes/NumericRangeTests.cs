using EdgeTwin.OpcUa.Server.Nodes;

namespace EdgeTwin.Tests.OpcUa.Nodes;

/// <summary>The notation of OPC 10000-4 §7.27.</summary>
public class NumericRangeTests
{
    [Theory]
    [InlineData("5")]
    [InlineData("0:1")]
    [InlineData("1:3,0:2147483647,7")]
    public void A_range_is_read_and_written_alike(string text)
    {
        Assert.True(NumericRange.TryParse(text, out var range));
        Assert.Equal(text, range.ToString());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1:1")]
    [InlineData("3:1")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:2:3")]
    [InlineData("1,")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    [InlineData("x")]
    [InlineData("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1")]
    public void What_is_no_range_is_refused(string text) => Assert.False(NumericRange.TryParse(text, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_text_is_everything(string? text)
    {
        Assert.True(NumericRange.TryParse(text, out var range));
        Assert.Equal(0, range.Dimensions);
    }
}
