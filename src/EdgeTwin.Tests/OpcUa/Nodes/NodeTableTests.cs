using System.Text;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Nodes;

/// <summary>The table finds each node by each form of its id, while it changes too.</summary>
public class NodeTableTests
{
    public static TheoryData<string> Ids => new(
        "i=85", "ns=1;i=70000", "ns=2;s=plant/line/pump", "ns=2;s=Größe/µm", "ns=2;s=日本語のタグ",
        "ns=3;g=09087e75-8e5e-499b-954f-f2a9603db28a", "ns=3;b=AQIDBA==", "ns=65535;s=x", "ns=300;i=7");

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_node_is_found_by_its_id_and_by_its_bytes(string text)
    {
        var id = NodeId.Parse(text);
        var table = new NodeTable();
        var node = new ObjectNode(id, "node");

        Assert.True(table.TryAdd(node));
        Assert.False(table.TryAdd(new ObjectNode(id, "the same id")));

        Assert.Same(node, table.Find(id));
        Assert.Same(node, ByBytes(table, id));
        Assert.Null(table.Find(id.WithNamespace(9)));
        Assert.Null(ByBytes(table, id.WithNamespace(9)));
    }

    [Fact]
    public void An_identifier_longer_than_the_specification_allows_is_not_looked_for()
    {
        var table = new NodeTable();
        var id = new NodeId(1, new string('x', 1_000_000));

        Assert.Null(table.Find(id));
        Assert.Null(ByBytes(table, id));
    }

    [Fact]
    public void Bytes_that_are_no_text_find_nothing()
    {
        var table = new NodeTable();
        table.TryAdd(new ObjectNode(new NodeId(1, "ab"), "node"));

        Assert.Null(table.Find(1, "a\xC3"u8));
        Assert.Null(table.Find(1, [0xFF, 0xFE]));
    }

    [Fact]
    public void After_any_mix_of_adding_and_removing_exactly_what_was_left_is_found()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var table = new NodeTable();
        var expected = new Dictionary<NodeId, Node>();
        for (var i = 0; i < 50_000; i++)
        {
            var number = random.Next(3000);
            var id = number % 2 == 0 ? new NodeId(1, (uint)number + 1) : new NodeId(1, $"tag{number}");
            if (expected.Remove(id, out var old))
            {
                table.Remove(old);
            }
            else
            {
                var node = new ObjectNode(id, "node");
                expected.Add(id, node);
                Assert.True(table.TryAdd(node), $"seed {Seed}, step {i}");
            }
        }

        Assert.Equal(expected.Count, table.Count);
        Assert.Equal(expected.Count, table.All().Count());
        for (var number = 0; number < 3000; number++)
        {
            var id = number % 2 == 0 ? new NodeId(1, (uint)number + 1) : new NodeId(1, $"tag{number}");
            Assert.Same(expected.GetValueOrDefault(id), table.Find(id));
        }
    }

    [Fact]
    public async Task Readers_find_every_node_that_stays_while_others_come_and_go()
    {
        var table = new NodeTable();
        var stays =
            Enumerable.Range(0, 500).Select(static i => new ObjectNode(new NodeId(1, $"stays{i}"), "n")).ToArray();
        foreach (var node in stays)
        {
            table.TryAdd(node);
        }

        await Meanwhile.IsAlwaysRightAsync(
            () => Array.TrueForAll(stays, n => ReferenceEquals(table.Find(n.Id), n)),
            round =>
            {
                var guests = Enumerable.Range(0, 1000)
                    .Select(i => new ObjectNode(new NodeId(2, $"{round}/{i}"), "n")).ToArray();
                Array.ForEach(guests, n => table.TryAdd(n));
                Array.ForEach(guests, table.Remove);
            },
            20);
    }

    private static Node? ByBytes(NodeTable table, NodeId id)
    {
        using var buffer = MessageBuffer.Rent(int.MaxValue);
        new UaWriter(buffer).WriteNodeId(id);
        var reader = new UaReader(buffer.Written, EncodingLimits.Default);
        var node = table.Read(ref reader);
        Assert.Equal(0, reader.Remaining);
        return node;
    }
}
