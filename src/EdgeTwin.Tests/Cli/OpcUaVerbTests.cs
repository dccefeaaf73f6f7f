using EdgeTwin.Tests.Sources.OpcUa;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Cli;

/// <summary>The verbs that look at an OPC UA server, as people call them.</summary>
[Collection(RealTime.Name)]
public sealed class OpcUaVerbTests : IAsyncLifetime
{
    private const string Node = $"nsu={OpcUaTestServer.Uri};s=Plant.Still";
    private OpcUaTestServer server = null!;

    private string Endpoint => server.Endpoint.OriginalString;

    public async Task InitializeAsync() => server = await OpcUaTestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_server_without_security_is_not_talked_to_unless_asked_for()
    {
        var browse = await EdgetwinProcess.RunAsync("browse", Endpoint);
        Assert.Equal(3, browse.ExitCode);
        Assert.Contains("--security none", browse.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browse_shows_a_tree_with_values_and_writes_tags_that_can_be_pasted()
    {
        var tree = await EdgetwinProcess.RunAsync("browse", Endpoint, "--security", "none", "--filter", "still");
        Assert.True(tree.ExitCode == 0, tree.Errors);
        Assert.Contains("Plant/", tree.Output, StringComparison.Ordinal);
        Assert.Matches("Still +42 ", tree.Output);
        Assert.DoesNotContain("Speed", tree.Output, StringComparison.Ordinal);
        var yaml = await EdgetwinProcess.RunAsync(
            "browse", Endpoint, "--security", "none", "--from", "browse:Plant", "--as", "yaml");
        Assert.Contains(
            $"  Speed: {{ source: plc, address: \"nsu={OpcUaTestServer.Uri};s=Plant.Speed\", type: int16 }}\n",
            yaml.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_is_read_written_in_its_own_type_and_watched()
    {
        var read = await EdgetwinProcess.RunAsync("read", Endpoint, Node, "browse:Plant/Still", "--security", "none");
        Assert.True(read.ExitCode == 0, read.Errors);
        Assert.StartsWith($"{Node}  42  Good  ", read.Output, StringComparison.Ordinal);
        var write = await EdgetwinProcess.RunAsync("write", Endpoint, Node, "12.5", "--security", "none");
        Assert.Equal((0, 12.5), (write.ExitCode, server.Still.Get().Value.Get<double>()));
        var refused = await EdgetwinProcess.RunAsync("write", Endpoint, "browse:Plant/Flow", "1", "--security", "none");
        Assert.Equal((1, "not written: BadNotWritable"), (refused.ExitCode, refused.LastLine));
        var watch = await EdgetwinProcess.RunAsync(
            "watch", Endpoint, "browse:Plant/Flow", "--for", "2s", "--security", "none");
        Assert.Equal(0, watch.ExitCode);
        Assert.Contains("browse:Plant/Flow  ", watch.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said_plainly()
    {
        var path = await EdgetwinProcess.RunAsync("read", Endpoint, "browse:Plant/Colour", "--security", "none");
        Assert.Equal(1, path.ExitCode);
        Assert.Contains("nothing is at 'browse:Plant/Colour'", path.Errors, StringComparison.Ordinal);
        var space = await EdgetwinProcess.RunAsync("read", Endpoint, "nsu=urn:nowhere;s=x", "--security", "none");
        Assert.Equal(1, space.ExitCode);
        Assert.Contains("no namespace 'urn:nowhere'", space.Errors, StringComparison.Ordinal);
        var nobody = await EdgetwinProcess.RunAsync("read", "opc.tcp://127.0.0.1:9", "i=2258", "--security", "none");
        Assert.Equal(3, nobody.ExitCode);
    }
}
