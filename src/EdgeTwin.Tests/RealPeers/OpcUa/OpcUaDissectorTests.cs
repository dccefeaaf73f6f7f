using EdgeTwin.Benchmarks.OpcUa;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>What goes over the wire, judged by tshark's dissector.</summary>
[Collection(RealTime.Name)]
public sealed class OpcUaDissectorTests
{
    [Fact]
    public async Task A_capture_of_a_session_is_decoded_by_an_independent_dissector_without_a_malformed_packet()
    {
        var folder = Directory.CreateTempSubdirectory("edgetwin-capture-");
        var file = Path.Combine(folder.FullName, "session.pcap");
        using (var capture = new PcapFile(file, 4840)) await TalkAsync(capture);

        var services = await TsharkAsync(file, "-Y", "opcua", "-T", "fields", "-e", "opcua.servicenodeid.numeric");
        var malformed = await TsharkAsync(file, "-Y", "_ws.malformed || _ws.expert.severity == error");

        // Create and activate session, read, write, browse, call, create subscription and items, publish with data.
        var seen = services.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        Assert.Superset(new HashSet<string>(
            ["464", "470", "634", "676", "530", "715", "790", "754", "829", "476"]), seen);
        Assert.Equal("", malformed.Trim());
        folder.Delete(recursive: true);
    }

    private static Task<string> TsharkAsync(string file, params string[] more) => ModbusPeerProcess.RunAsync(
        "tshark", ["-n", "-r", file, "-d", "tcp.port==4840,opcua", .. more]);

    private static async Task TalkAsync(PcapFile capture)
    {
        await using var server = new BenchServer(BenchServer.Options(0, null), 20, TimeSpan.FromMilliseconds(50),
            TimeProvider.System, NullLogger.Instance);
        await server.StartAsync();
        await using var proxy = new RecordingProxy(server.Server.LocalEndPoint!, capture);
        await using var client = await NodeOpcUaClient.StartAsync();
        await client.SendAsync("connect", new { url = proxy.Url });
        string[] types = ["Boolean", "Int64", "String", "Guid", "ByteString", "NodeId", "ExpandedNodeId",
            "LocalizedText",
            "ExtensionObject", "Array", "Matrix", "Missing"];
        await client.SendAsync("read", new { nodes = types.Select(static t => new { id = $"ns=2;s={t}" }) });
        await client.SendAsync("write", new
        {
            nodes = new[] { new { id = "ns=2;s=Double", type = "Double",
            value = 1.5 } }
        });
        await client.SendAsync("browse", new { node = "i=2253" });
        await client.SendAsync("call", new
        {
            @object = "ns=2;s=Demo",
            method = "ns=2;s=Add",
            inputs = new[] { new { type = "Double", value = 1 }, new { type = "Double", value = 2 } },
        });
        await client.SendAsync("subscribe", new { interval = 50 });
        await client.SendAsync("monitor", new
        {
            key = 1,
            nodes = new object[]
            {
                new { id = "ns=2;s=v0", queue = 5, sampling = 0 },
                new { id = "ns=2;s=Ticker", events = new[] { "Message", "Severity" }, queue = 5 },
            },
        });
        await client.SendAsync("changes", new { key = 1, count = 5 });
        await client.SendAsync("changes", new { key = 1, count = 1, events = true });
        await client.SendAsync("disconnect");
    }
}
