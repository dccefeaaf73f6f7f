using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Structures of node-opcua's server, of types that only it knows (<c>peer-types.NodeSet2.xml</c>).</summary>
[Collection(RealTime.Name)]
public sealed class StructuresOfNodeOpcUaTests
{
    // By the attribute DataTypeDefinition, and by the type dictionary of servers that do not have it.
    [Theory]
    [InlineData("definitions")]
    [InlineData("dictionary")]
    public async Task A_structure_is_read_told_and_written_back_by_what_the_server_says_of_it(string types)
    {
        using var place = ClientPlace.Make();
        await using var server = await NodeOpcUaServer.LaunchAsync(new { types });
        await using var client = new OpcUaClient(place.Options(server.Url), TimeProvider.System, NullLogger.Instance);
        await client.ConnectAsync();
        var node = new NodeId((ushort)client.Namespaces!.IndexOf("urn:peer:plant"), "Batch");
        var definition = await client.ReadAsync([
            new ReadValueId
            {
                NodeId = new NodeId((ushort)client.Namespaces.IndexOf("urn:peer:types"), 3002u),
                AttributeId = AttributeIds.DataTypeDefinition,
            },
        ]);
        Assert.Equal(types == "dictionary", definition[0].Status == StatusCodes.BadAttributeIdInvalid);

        var batch = Body((await client.ReadAsync([node]))[0].Value);
        Assert.Equal("first", batch["Name"].Get<string>());
        Assert.Equal(1, batch["Kind"].Get<int>());
        Assert.Equal(-1.0, Body(batch["Limits"])["Low"].Get<double>());
        var route = batch["Route"].Get<ExtensionObject?[]>()!;
        Assert.Equal([2.0, 4.0], route.Select(static p => ((DynamicStructure)p!.Body!)["Y"].Get<double>()));

        await using var subscription = await client.SubscribeAsync(
            new SubscriptionOptions { PublishingInterval = TimeSpan.FromMilliseconds(100) });
        var items = await subscription.AddAsync([new ItemOptions { Node = node }]);
        var log = new NoticeLog(subscription);
        await log.ValueAsync(items[0], static v => Body(v.Value)["Name"].Get<string>() == "first");
        await server.SendAsync("set", new
        {
            name = "Batch",
            value = new { name = "second", kind = 0, route = Array.Empty<double[]>() },
        });
        await log.ValueAsync(items[0], static v => Body(v.Value)["Name"].Get<string>() == "second");

        batch["Name"] = "ours";
        Assert.Equal(StatusCodes.Good, (await client.WriteAsync(node, batch.ToExtensionObject())).Value);
        var told = await log.ValueAsync(items[0], static v => Body(v.Value)["Name"].Get<string>() == "ours");
        Assert.Equal(2, Body(told.Value)["Route"].Get<ExtensionObject?[]>()!.Length);
    }

    private static DynamicStructure Body(Variant value) =>
        Assert.IsType<DynamicStructure>(value.Get<ExtensionObject>()?.Body);
}
