using System.Text;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;
using EdgeTwin.Tests.Upstream.Sparkplug;
using EdgeTwin.Upstream.Downward;

namespace EdgeTwin.Tests.Upstream;

public class JsonCommandTests
{
    [Theory]
    [InlineData("""{"id":"1","tag":"t","value":1,"sent":"2026-11-22T12:00:00Z"}""", null)]
    [InlineData("""{"id":"1","tag":"t","value":1,"sent":"2026-11-22T13:00:00+01:00","expires":"2026-11-22T12:01Z"}""",
        null)]
    [InlineData("", "it is no JSON")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("""{"id":"1","tag":"t","value":{"a":{"b":{"c":{}}}},"sent":"2026-11-22T12:00:00Z"}""",
        "it is no JSON")]
    [InlineData("""{"tag":"t","value":1,"sent":"2026-11-22T12:00:00Z"}""", "'id' is missing")]
    [InlineData("""{"id":"1","value":1,"sent":"2026-11-22T12:00:00Z"}""", "'tag' is missing")]
    [InlineData("""{"id":"1","tag":"t","sent":"2026-11-22T12:00:00Z"}""", "'value' is missing")]
    [InlineData("""{"id":"1","tag":"t","value":1}""", "'sent' is missing")]
    [InlineData("""{"id":1,"tag":"t","value":1,"sent":"2026-11-22T12:00:00Z"}""", "'id' is no text")]
    [InlineData("""{"id":"1","tag":"","value":1,"sent":"2026-11-22T12:00:00Z"}""", "'tag' is no text")]
    [InlineData("""{"id":"1","tag":"t","value":1,"sent":"noon"}""", "'sent' is no time")]
    [InlineData("""{"id":"1","tag":"t","value":1,"sent":"2026-11-22T12:00:00Z","expire":"x"}""",
        "it has a member other than")]
    public void A_command_is_read_or_refused_with_what_is_wrong(string payload, string? problem)
    {
        var found = JsonCommand.Read(Encoding.UTF8.GetBytes(payload), out _);
        if (problem is null) Assert.Null(found);
        else Assert.StartsWith(problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-128", nameof(TagDataType.Int8), true)]
    [InlineData("128", nameof(TagDataType.Int8), false)]
    [InlineData("-1", nameof(TagDataType.UInt8), false)]
    [InlineData("1.5", nameof(TagDataType.Int32), false)]
    [InlineData("9223372036854775807", nameof(TagDataType.Int64), true)]
    [InlineData("18446744073709551615", nameof(TagDataType.UInt64), true)]
    [InlineData("18446744073709551616", nameof(TagDataType.UInt64), false)]
    [InlineData("1e400", nameof(TagDataType.Float64), false)]
    [InlineData("1e39", nameof(TagDataType.Float32), false)]
    [InlineData("0.1", nameof(TagDataType.Float64), true)]
    [InlineData("true", nameof(TagDataType.Bool), true)]
    [InlineData("1", nameof(TagDataType.Bool), false)]
    [InlineData("\"1\"", nameof(TagDataType.Int32), false)]
    [InlineData("\"on\"", nameof(TagDataType.String), true)]
    [InlineData("null", nameof(TagDataType.String), false)]
    public void A_value_fits_its_tag_or_is_none(string value, string typeName, bool fits)
    {
        var type = Enum.Parse<TagDataType>(typeName);
        var payload = $$"""{"id":"1","tag":"t","value":{{value}},"sent":"2026-11-22T12:00:00Z"}""";
        Assert.Null(JsonCommand.Read(Encoding.UTF8.GetBytes(payload), out var command));
        Assert.Equal(fits, command.TryGetValue(type, out var read));
        Assert.Equal(fits ? type : TagDataType.None, read.Type);
        if (fits) Assert.Equal(value.Trim('"'), read.ToString(), ignoreCase: true);
    }

    [Fact]
    public void What_is_late_early_void_or_a_repetition_is_refused()
    {
        var noon = SparkplugRig.Noon;
        var context = new SparkplugRig().Context(new ManualTimeProvider(noon));
        var inbox = new CommandInbox(context with { Logger = new CollectingLogger() }, "mqtt",
            TimeSpan.FromSeconds(60));
        Assert.Equal("it was sent 61.0 s ago", inbox.Problem("a", noon.AddSeconds(-61)));
        Assert.Equal("it says that it was sent 6.0 s from now; a clock is wrong",
            inbox.Problem("a", noon.AddSeconds(6)));
        Assert.Equal("it expired 1.0 s ago", inbox.Problem("a", noon.AddSeconds(-2), noon.AddSeconds(-1)));
        Assert.Null(inbox.Problem("a", noon.AddSeconds(-2), noon.AddSeconds(1)));
        Assert.Equal("it came before", inbox.Problem("a", noon));
        for (var i = 0; i < 1024; i++) Assert.Null(inbox.Problem(i, noon)); // remembers that many and no more
        Assert.Null(inbox.Problem("a", noon));
    }
}
