using System.Text.Json;
using EdgeTwin.Benchmarks.OpcUa;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>node-opcua's client against our server: every policy, every user, every service that a SCADA client
/// uses.</summary>
[Collection(RealTime.Name)]
public sealed class NodeOpcUaClientTests : IAsyncLifetime
{
    private readonly BenchServer server = new(BenchServer.Options(0, null), 50, TimeSpan.FromMilliseconds(50),
        TimeProvider.System, NullLogger.Instance);

    private NodeOpcUaClient client = null!;

    public async Task InitializeAsync()
    {
        await server.StartAsync();
        client = await NodeOpcUaClient.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("None", "None")]
    [InlineData("Basic256Sha256", "Sign")]
    [InlineData("Basic256Sha256", "SignAndEncrypt")]
    [InlineData("Aes128_Sha256_RsaOaep", "Sign")]
    [InlineData("Aes128_Sha256_RsaOaep", "SignAndEncrypt")]
    [InlineData("Aes256_Sha256_RsaPss", "Sign")]
    [InlineData("Aes256_Sha256_RsaPss", "SignAndEncrypt")]
    public async Task It_connects_with_every_policy_and_reads_through_several_renewals(string policy, string mode)
    {
        await client.SendAsync("connect", new { url = server.Url, policy, mode, lifetime = 2000 });
        for (var i = 0; i < 12; i++)
        {
            var read = await ReadAsync("ns=2;s=v0");
            Assert.Equal("Good", read.GetProperty("status").GetString());
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }

        await client.SendAsync("disconnect");
    }

    [Fact]
    public async Task Discovery_tells_all_endpoints_with_their_certificates_and_tokens()
    {
        var found = await client.SendAsync("endpoints", new { url = server.Url });

        var endpoints = found.GetProperty("endpoints").EnumerateArray().ToArray();
        Assert.Equal(11, endpoints.Length);
        Assert.All(endpoints, static e => Assert.True(e.GetProperty("certificate").GetInt32() > 300));
        // Where an elliptic curve encrypts the channel, a password may come as an EccEncryptedSecret or as it is.
        Assert.All(endpoints, static e => Assert.Equal(
            IsEncryptedByCurve(e) ? 4 : 3, e.GetProperty("tokens").GetArrayLength()));
        Assert.Equal("urn:edgetwin:bench", found.GetProperty("servers")[0].GetString());
    }

    [Theory]
    [InlineData("None", "None")]
    [InlineData("Basic256Sha256", "SignAndEncrypt")]
    [InlineData("Aes256_Sha256_RsaPss", "Sign")]
    public async Task A_user_logs_on_with_the_right_password_only(string policy, string mode)
    {
        var right = new { url = server.Url, policy, mode, user = new { name = "user1", password = "pass1" } };
        await client.SendAsync("connect", right);
        await client.SendAsync("disconnect");

        var wrong = new { url = server.Url, policy, mode, user = new { name = "user1", password = "pass2" } };
        var unknown = new { url = server.Url, policy, mode, user = new { name = "user2", password = "pass1" } };
        var first = await client.FailAsync("connect", wrong);
        Assert.Matches("Bad(UserAccessDenied|IdentityTokenRejected)", first);
        // Who asks does not learn whether the user exists.
        Assert.Equal(first, await client.FailAsync("connect", unknown));
    }

    [Fact]
    public async Task The_whole_address_space_is_browsed_and_every_node_has_its_attributes()
    {
        // Who uses which security is told over encrypted channels only (OPC 10000-5 §6.3.3).
        const string policy = "Basic256Sha256", mode = "SignAndEncrypt";
        await client.SendAsync("connect", new { url = server.Url, policy, mode });

        var crawl = await client.SendAsync("crawl");

        Assert.Equal(0, crawl.GetProperty("bad").GetInt32());
        Assert.InRange(crawl.GetProperty("nodes").GetInt32(), 4000, 20_000);
        Assert.True(crawl.GetProperty("classes").GetProperty("DataType").GetInt32() > 250);
    }

    [Fact]
    public async Task A_value_of_every_type_is_written_and_read_back()
    {
        await client.SendAsync("connect", new { url = server.Url });
        (string Name, object Value)[] values =
        [
            ("Boolean", false), ("SByte", -7), ("Byte", 200), ("Int16", -30_000), ("UInt16", 60_000),
            ("Int32", -2_000_000_000), ("UInt32", 4_000_000_000), ("Int64", new[] { 1, 5 }), ("UInt64", new[] { 1, 6 }),
            ("Float", 0.25), ("Double", -1.5e300), ("String", "Größe 水"), ("ByteString", "00ff10"),
            ("DateTime", "2026-11-22T12:00:00.123Z"), ("Guid", "72962B91-FA75-4AE6-8D28-B404DC7DAF63"),
        ];

        var written = await client.SendAsync("write", new
        {
            nodes = values.Select(static v => new { id = $"ns=2;s={v.Name}", type = v.Name, value = v.Value }),
        });
        var read = await client.SendAsync("read", new
        {
            nodes = values.Select(static v =>
            new { id = $"ns=2;s={v.Name}" })
        });

        Assert.All(written.GetProperty("results").EnumerateArray(), static s => Assert.Equal("Good", s.GetString()));
        foreach (var ((name, value), result) in values.Zip(read.GetProperty("results").EnumerateArray()))
        {
            Assert.Equal(name, result.GetProperty("type").GetString());
            Assert.Equal(JsonSerializer.Serialize(value), JsonSerializer.Serialize(result.GetProperty("value")),
                ignoreCase: true);
        }
    }

    [Fact]
    public async Task Arrays_and_matrices_are_read_and_written_by_index_range()
    {
        await client.SendAsync("connect", new { url = server.Url });

        await client.SendAsync("write", new
        {
            nodes = new[] { new { id = "ns=2;s=Array", type = "Int32", value = new[] { 20, 30 }, range = "1:2" } },
        });
        var read = await client.SendAsync("read", new
        {
            nodes = new object[]
            {
                new { id = "ns=2;s=Array" }, new { id = "ns=2;s=Matrix", range = "1,0:1" },
                new { id = "ns=2;s=Array", range = "9" },
            },
        });

        var results = read.GetProperty("results");
        Assert.Equal("[1,20,30,4,5]", results[0].GetProperty("value").ToString());
        Assert.Equal("[4,5]", results[1].GetProperty("value").ToString());
        Assert.Equal("BadIndexRangeNoData", results[2].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Wrong_types_and_read_only_nodes_are_refused_one_by_one()
    {
        await client.SendAsync("connect", new { url = server.Url });

        var written = await client.SendAsync("write", new
        {
            nodes = new object[]
            {
                new { id = "ns=2;s=Double", type = "String", value = "x" }, new { id = "ns=2;s=ReadOnly",
                    type = "Double", value = 1 },
                new { id = "ns=2;s=None", type = "Double", value = 1 }, new { id = "ns=2;s=Double",
                    type = "Double", value = new[] { 1.5, 2 } },
                new { id = "ns=2;s=Double", type = "Double", value = 3.5 },
            },
        });

        Assert.Equal(["BadTypeMismatch", "BadNotWritable", "BadNodeIdUnknown", "BadTypeMismatch", "Good"],
            written.GetProperty("results").EnumerateArray().Select(static s => s.GetString()!));
    }

    [Fact]
    public async Task A_method_checks_its_arguments_and_answers()
    {
        await client.SendAsync("connect", new { url = server.Url });

        var sum = await CallAsync(new { type = "Double", value = 1.5 }, new { type = "Double", value = 2 });
        var few = await CallAsync(new { type = "Double", value = 1.5 });
        var many = await CallAsync(new { type = "Double", value = 1.5 }, new { type = "Double", value = 1 },
            new { type = "Double", value = 1 });
        var wrong = await CallAsync(new { type = "Double", value = 1.5 }, new { type = "Boolean", value = true });

        Assert.Equal(3.5, sum.GetProperty("outputs")[0].GetDouble());
        Assert.Equal("BadArgumentsMissing", few.GetProperty("status").GetString());
        Assert.Equal("BadTooManyArguments", many.GetProperty("status").GetString());
        Assert.Equal("BadInvalidArgument", wrong.GetProperty("status").GetString());
        Assert.Equal("BadTypeMismatch", wrong.GetProperty("inputs")[1].GetString());
    }

    [Fact]
    public async Task Browsing_in_pages_ends_with_every_reference()
    {
        await client.SendAsync("connect", new { url = server.Url });

        var children = await client.SendAsync("browse", new { node = "ns=2;s=Bench" });
        var path = await client.SendAsync("translate", new
        {
            start = "i=85",
            path = "/Server/ServerStatus/CurrentTime"
        });
        var registered = await client.SendAsync("register", new { nodes = new[] { "ns=2;s=v1" } });

        Assert.True(children.GetProperty("references").GetArrayLength() >= 50);
        Assert.Equal("ns=0;i=2258", path.GetProperty("targets")[0].GetString());
        Assert.Equal(1, registered.GetProperty("ids").GetArrayLength());
    }

    private static bool IsEncryptedByCurve(JsonElement endpoint) =>
        endpoint.GetProperty("policy").GetString()!.Contains("ECC", StringComparison.Ordinal)
        && endpoint.GetProperty("mode").GetString() == "SignAndEncrypt";

    private Task<JsonElement> CallAsync(params object[] inputs) =>
        client.SendAsync("call", new { @object = "ns=2;s=Demo", method = "ns=2;s=Add", inputs });

    private async Task<JsonElement> ReadAsync(string id) =>
        (await client.SendAsync("read", new { nodes = new[] { new { id } } })).GetProperty("results")[0];
}
