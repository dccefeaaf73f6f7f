using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Our client's services against node-opcua's server.</summary>
[Collection(RealTime.Name)]
public sealed class ClientAgainstNodeOpcUaTests : IAsyncLifetime
{
    private NodeOpcUaServer server = null!;
    private ClientPlace place = null!;

    public async Task InitializeAsync()
    {
        place = ClientPlace.Make();
        server = await NodeOpcUaServer.LaunchAsync(new { many = 2000 });
        await server.SendAsync("trust", new { file = place.CertificateFile });
        place.Trust(server.CertificateFile());
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task Every_policy_mode_and_user_connects_and_reads()
    {
        ClientUser[] users =
            [ClientUser.Anonymous, new PasswordUser("user1", "pass1"), new CertificateUser(place.User)];
        SecurityPolicy[] policies =
        [
            SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128Sha256RsaOaep, SecurityPolicy.Aes256Sha256RsaPss,
        ];
        MessageSecurityMode[] modes = [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt];
        foreach (var user in users)
        {
            await ReadsAsync(place.Options(server.Url, user: user));
            foreach (var policy in policies)
            {
                foreach (var mode in modes) await ReadsAsync(place.Options(server.Url, policy, mode, user));
            }
        }
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var client = Client(place.Options(server.Url, user: new PasswordUser("user1", "wrong")));
        var refused = await Assert.ThrowsAsync<OpcUaException>(() => client.ConnectAsync());
        Assert.True(refused.Status == StatusCodes.BadIdentityTokenRejected
            || refused.Status == StatusCodes.BadUserAccessDenied, refused.Message);
    }

    [Fact]
    public async Task A_server_that_nobody_trusted_is_refused_before_anything_is_told()
    {
        using var stranger = ClientPlace.Make();
        await using var client = Client(
            stranger.Options(server.Url, mode: MessageSecurityMode.SignAndEncrypt));
        var refused = await Assert.ThrowsAsync<OpcUaException>(() => client.ConnectAsync());
        Assert.Equal(StatusCodes.BadCertificateUntrusted, refused.Status.Value);

        // A password without security on the channel is encrypted for the certificate: the same question.
        await using var open = Client(stranger.Options(server.Url, user: new PasswordUser("user1", "pass1")));
        refused = await Assert.ThrowsAsync<OpcUaException>(() => open.ConnectAsync());
        Assert.Equal(StatusCodes.BadCertificateUntrusted, refused.Status.Value);
    }

    [Fact]
    public async Task The_whole_space_is_browsed_each_node_once_in_spite_of_circles_and_small_pages()
    {
        await using var client = await ConnectAsync();
        var outcome = await client.BrowseAsync([NodeIds.RootFolder]);
        Assert.Empty(outcome.Failures);
        Assert.Equal(outcome.Nodes.Count, outcome.Nodes.Select(static n => n.NodeId).Distinct().Count());
        Assert.Equal(2000, outcome.Nodes.Count(n => n.Parent == Id(client, "Many")));
        Assert.Contains(outcome.Nodes, static n => n.NodeId.NodeId == NodeIds.Server_ServerStatus_CurrentTime);

        var few = await client.BrowseAsync(
            [NodeIds.ObjectsFolder], new BrowseOptions { MaxDepth = 1, MaxNodes = 2 });
        Assert.True(few.IsTruncated);
        Assert.Equal(2, few.Nodes.Count);
    }

    [Fact]
    public async Task Values_are_read_written_and_methods_called()
    {
        await using var client = await ConnectAsync();
        Assert.Equal(StatusCodes.Good, (await client.WriteAsync(Id(client, "Flow"), 42.5)).Value);
        Assert.Equal(StatusCodes.BadTypeMismatch, (await client.WriteAsync(Id(client, "Flow"), "x")).Value);
        var values = await client.ReadAsync([Id(client, "Flow"), Id(client, "Nowhere"), Id(client, "Array")]);
        Assert.Equal(42.5, values[0].Value.Get<double>());
        Assert.Equal(StatusCodes.BadNodeIdUnknown, values[1].Status.Value);
        Assert.Equal([1, 2, 3, 4, 5], values[2].Value.Get<int[]>()!);
        var part = await client.ReadAsync(
            [new ReadValueId { NodeId = Id(client, "Array"), AttributeId = AttributeIds.Value, IndexRange = "1:2" }]);
        Assert.Equal([2, 3], part[0].Value.Get<int[]>()!);
        var sum = await client.CallAsync(Id(client, "Plant"), Id(client, "Add"), [1.5, 2.0]);
        Assert.Equal(3.5, sum.OutputArguments[0].Get<double>());
        var found = await client.TranslateAsync(
        [
            new BrowsePath
            {
                StartingNode = NodeIds.ObjectsFolder,
                RelativePath = new RelativePath
                {
                    Elements = [Step(client, "Plant"), Step(client, "Flow")],
                },
            },
        ]);
        Assert.Equal(Id(client, "Flow"), found[0].Targets[0].TargetId.NodeId);
    }

    [Fact]
    public async Task More_nodes_than_one_request_may_have_are_read_in_several()
    {
        await using var client = await ConnectAsync();
        var nodes = Enumerable.Range(0, 2000).Select(i => Id(client, $"v{i}")).ToArray();
        var values = await client.ReadAsync(nodes);
        Assert.Equal(Enumerable.Range(0, 2000).Select(static i => (double)i),
            values.Select(static v => v.Value.Get<double>()));
    }

    [Fact]
    public async Task One_unknown_node_disturbs_no_other_and_is_monitored_once_it_is_there()
    {
        await using var client = await ConnectAsync(
            place.Options(server.Url) with { ItemRetryInterval = TimeSpan.FromSeconds(1) });
        await using var subscription = await client.SubscribeAsync(Fast);
        var items = await subscription.AddAsync([Item(client, "Flow"), Item(client, "Later"), Item(client, "Text")]);
        Assert.Equal(
            [StatusCodes.Good, StatusCodes.BadNodeIdUnknown, StatusCodes.Good],
            items.Select(static i => i.Status.Value));
        var log = new NoticeLog(subscription);
        await log.ValueAsync(items[0], static v => v.Status.IsGood);
        await server.SendAsync("add", new { name = "Later", value = 9.5 });
        await log.ValueAsync(items[1], static v => v.Value.Get<double>() == 9.5);
        Assert.Equal("abc", Assert.Single(log.ValuesOf<string>(items[2])));
    }

    [Fact]
    public async Task Values_come_in_order_with_the_mark_of_those_that_the_queue_lost()
    {
        await using var client = await ConnectAsync();
        await using var subscription = await client.SubscribeAsync(
            Fast with { PublishingInterval = TimeSpan.FromMilliseconds(500) });
        var items = await subscription.AddAsync(
        [
            Item(client, "Count") with { QueueSize = 3, SamplingInterval = TimeSpan.Zero },
            Item(client, "Analog") with
            {
                QueueSize = 100,
                SamplingInterval = TimeSpan.Zero,
                Filter = new DataChangeFilter
                {
                    Trigger = DataChangeTrigger.StatusValue,
                    DeadbandType = (uint)DeadbandType.Percent,
                    DeadbandValue = 5, // of 0-200: 10
                },
            },
        ]);
        var log = new NoticeLog(subscription);
        await log.ValueAsync(items[0], static v => v.Value.Get<int>() == 7);
        await server.SendAsync("ramp", new { interval = 20 }); // several values in each publishing interval
        await log.UntilAsync<DataChangeNotice>(n => n.Changes.Any(c => c.Item == items[0] && c.IsOverflow));
        await server.SendAsync("ramp", new { interval = 0 });
        foreach (var value in new[] { 25, 29, 31, 35, 45 })
            await server.SendAsync("set", new { name = "Analog", value, pause = 200 });
        if (!log.ValuesOf<double>(items[1]).Contains(45))
            await log.ValueAsync(items[1], static v => v.Value.Get<double>() == 45);
        var counts = log.ValuesOf<int>(items[0]).Skip(1).ToArray();
        Assert.Equal(counts.Order(), counts);
        Assert.Equal([20.0, 31, 45], log.ValuesOf<double>(items[1]));
    }

    [Fact]
    public async Task Events_come_with_the_fields_that_were_selected()
    {
        await using var client = await ConnectAsync();
        await using var subscription = await client.SubscribeAsync(Fast);
        await subscription.AddAsync(
        [
            new ItemOptions
            {
                Node = NodeIds.Server,
                AttributeId = AttributeIds.EventNotifier,
                QueueSize = 100,
                Filter = new EventFilter { SelectClauses = [Field("Message"), Field("Severity")] },
            },
        ]);
        await server.SendAsync("event", new { text = "hot" });
        var notice = await new NoticeLog(subscription).UntilAsync<EventNotice>();
        Assert.Equal("hot", notice.Events[0].Fields[0].Get<LocalizedText>().Text);
        Assert.Equal(500, notice.Events[0].Fields[1].Get<ushort>());
    }

    [Fact]
    public async Task History_is_read_page_by_page()
    {
        await using var client = await ConnectAsync();
        var begin = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1);
        for (var i = 1; i <= 25; i++) await server.SendAsync("set", new { name = "Stored", value = i });
        var end = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10);
        var values = new List<double>();
        var pages = 0;
        await foreach (var page in client.ReadHistoryAsync(Id(client, "Stored"), begin, end, pageSize: 10))
        {
            pages++;
            values.AddRange(page.Select(static v => v.Value.Get<double>()));
        }

        Assert.True(pages > 2);
        Assert.Equal(Enumerable.Range(1, 25).Select(static i => (double)i), values.Where(static v => v > 0));
    }

    private static SubscriptionOptions Fast => new()
    {
        PublishingInterval = TimeSpan.FromMilliseconds(100),
        KeepAlive = TimeSpan.FromSeconds(1),
    };

    private static SimpleAttributeOperand Field(string name) => new()
    {
        TypeDefinitionId = NodeIds.BaseEventType,
        BrowsePath = [name],
        AttributeId = AttributeIds.Value,
    };

    private static RelativePathElement Step(OpcUaClient client, string name) => new()
    {
        ReferenceTypeId = NodeIds.HierarchicalReferences,
        IncludeSubtypes = true,
        TargetName = new QualifiedName(Namespace(client), name),
    };

    private static ushort Namespace(OpcUaClient client) => (ushort)client.Namespaces!.IndexOf("urn:peer:plant");

    private static NodeId Id(OpcUaClient client, string name) => new(Namespace(client), name);

    private static ItemOptions Item(OpcUaClient client, string name) => new() { Node = Id(client, name) };

    private static OpcUaClient Client(OpcUaClientOptions options) =>
        new(options, TimeProvider.System, NullLogger.Instance);

    private async Task<OpcUaClient> ConnectAsync(OpcUaClientOptions? options = null)
    {
        var client = Client(options ?? place.Options(server.Url));
        await client.ConnectAsync();
        return client;
    }

    private async Task ReadsAsync(OpcUaClientOptions options)
    {
        await using var client = await ConnectAsync(options);
        var state = await client.ReadAsync([(NodeId)NodeIds.Server_ServerStatus_State]);
        Assert.Equal(0, state[0].Value.Get<int>());
    }
}
