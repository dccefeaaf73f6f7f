using EdgeTwin.OpcUa.Types;
using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources.OpcUa;

public class OpcUaAddressTests
{
    [Theory]
    [InlineData("nsu=http://acme.example/plc;s=Pump.Flow", "http://acme.example/plc", "s=Pump.Flow")]
    [InlineData("nsu=urn:plc;i=42", "urn:plc", "i=42")]
    [InlineData("nsu=urn:a%3Bb;s=x;y", "urn:a;b", "s=x;y")]
    [InlineData("nsu=urn:plc;g=09087e75-8e5e-499b-954f-f2a9603db28a",
        "urn:plc", "g=09087e75-8e5e-499b-954f-f2a9603db28a")]
    [InlineData("i=2258", null, "i=2258")]
    public void A_node_is_named_by_the_uri_of_its_namespace(string text, string? uri, string identifier)
    {
        Assert.True(OpcUaAddress.TryParse(text, out var address, out _));
        Assert.Equal((uri, identifier), (address.NamespaceUri, address.Identifier.ToString()));
        Assert.Null(address.Path);
    }

    [Fact]
    public void A_namespace_index_is_refused_and_the_message_says_why()
    {
        Assert.False(OpcUaAddress.TryParse("ns=2;s=Pump.Flow", out _, out var problem));
        Assert.Contains("index", problem, StringComparison.Ordinal);
        Assert.Contains("nsu=", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("browse:Plant/Pump/Flow", new[] { "Plant", "Pump", "Flow" })]
    [InlineData("browse:/Plant/Flow", new[] { "Plant", "Flow" })]
    [InlineData("browse:m&/s/R&&D", new[] { "m/s", "R&D" })]
    public void A_browse_path_is_the_names_below_Objects(string text, string[] names)
    {
        Assert.True(OpcUaAddress.TryParse(text, out var address, out _));
        Assert.Equal(names, address.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Pump.Flow")]
    [InlineData("s=")]
    [InlineData("nsu=http://acme.example/plc")]
    [InlineData("nsu=;s=x")]
    [InlineData("nsu=urn:plc;ns=2;s=x")]
    [InlineData("nsu=urn:plc;i=-1")]
    [InlineData("browse:")]
    [InlineData("browse:Plant//Flow")]
    [InlineData("browse:Plant/*")]
    public void What_is_no_address_of_one_node_is_refused(string text)
    {
        Assert.False(OpcUaAddress.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void What_is_written_for_a_node_is_read_as_the_same_node()
    {
        var node = new NodeId(7, "a;b=c%");
        var text = OpcUaAddress.TextOf(node, "urn:x;%y");
        Assert.True(OpcUaAddress.TryParse(text, out var address, out _));
        Assert.Equal(("urn:x;%y", node.WithNamespace(0)), (address.NamespaceUri, address.Identifier));
    }

    [Theory]
    [InlineData("browse:Plant/Pump/*", false)]
    [InlineData("browse:Plant/Pump/**", true)]
    public void A_wildcard_is_the_last_part_of_a_path(string text, bool allLevels)
    {
        Assert.True(OpcUaAddress.TryParseWildcard(text, out var path, out var all, out _));
        Assert.Equal(["Plant", "Pump"], path);
        Assert.Equal(allLevels, all);
        Assert.False(OpcUaAddress.TryParseWildcard("browse:*/Pump", out _, out _, out _));
        Assert.False(OpcUaAddress.TryParseWildcard("browse:Plant", out _, out _, out _));
    }

    [Fact]
    public void Keys_for_registers_are_refused()
    {
        var config = new OpcUaSourceConfig { Driver = "opcua", Endpoint = new Uri("opc.tcp://127.0.0.1:4840") };
        var tag = SourceContexts.Tag("i=2258") with { WordOrder = WordOrder.Little, Length = 3 };
        Assert.Equal(["length", "address"], OpcUaSourceCheck.CheckTag(config, tag).Select(finding => finding.Key));
    }

    [Theory]
    [InlineData("http://127.0.0.1:4840", "Basic256Sha256", "endpoint")]
    [InlineData("opc.tcp://jane@127.0.0.1", "Basic256Sha256", "endpoint")]
    [InlineData("opc.tcp://127.0.0.1", "Basic256", "policy")]
    [InlineData("opc.tcp://127.0.0.1", "Basic256Sha25", "policy")]
    public void A_source_that_cannot_work_is_refused(string endpoint, string policy, string key)
    {
        var config = new OpcUaSourceConfig { Driver = "opcua", Endpoint = new Uri(endpoint), Policy = policy };
        Assert.Equal(key, Assert.Single(config.Check()).Key);
    }
}
