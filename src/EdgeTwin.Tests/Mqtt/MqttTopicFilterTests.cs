using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.Mqtt;

public class MqttTopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]           // §4.7.1.2: also the level above
    [InlineData("a/#", "ab", false)]
    [InlineData("+", "a", true)]
    [InlineData("+", "a/b", false)]
    [InlineData("+", "/a", false)]
    [InlineData("+/+", "/a", true)]
    [InlineData("/+", "/a", true)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("#", "$SYS/x", false)]       // [MQTT-4.7.2-1]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$share/g/a/+", "a/b", true)]
    [InlineData("$share/g/#", "$SYS/x", false)]
    public void A_filter_takes_in_a_topic(string filter, string topic, bool matches) =>
        Assert.Equal(matches, MqttTopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a/b#", "shares a level")]
    [InlineData("a/#/b", "not at the end")]
    [InlineData("a+/b", "shares a level")]
    [InlineData("a\0", "U+0000")]
    [InlineData("$share/g", "lacks")]
    [InlineData("$share//a", "lacks")]
    [InlineData("$share/g+/a", "wildcard")]
    [InlineData("$share/g/", "no filter")]
    [InlineData("$share/g/a#", "shares a level")]
    public void A_bad_filter_says_what_is_wrong(string filter, string problem) =>
        Assert.Contains(problem, MqttTopicFilter.Problem(filter), StringComparison.Ordinal);
}
