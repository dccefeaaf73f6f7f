using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Nodes;

public class AddressSpaceTests
{
    [Fact]
    public void A_node_hangs_below_its_parent_and_knows_it()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        var tag = f.Variable("flow", NodeIds.Double, 1.0, parent: folder.Id);

        Assert.Same(tag, f.Space.Resolve(NodeIds.ObjectsFolder, folder.BrowseName, tag.BrowseName));
        Assert.Contains(References(tag), r =>
            r.IsInverse && ReferenceEquals(r.Target, folder) && r.Type.Id == NodeIds.HasComponent);
        Assert.Equal(NodeIds.BaseDataVariableType, tag.TypeDefinition!.Id.Number);
    }

    [Fact]
    public void What_cannot_be_added_is_refused_and_leaves_nothing_behind()
    {
        using var f = new SpaceFixture();
        var before = f.Space.Count;

        Assert.Throws<ArgumentException>(() => f.Folder("x", parent: f.Id("nowhere")));
        Assert.Throws<ArgumentException>(() =>
            f.Space.Add(new ObjectNode(NodeIds.Server, "taken"), NodeIds.ObjectsFolder, NodeIds.Organizes));
        Assert.Throws<ArgumentException>(() =>
            f.Space.Add(new ObjectNode(f.Id("x"), "x"), NodeIds.ObjectsFolder, NodeIds.BaseObjectType));

        Assert.Equal(before, f.Space.Count);
        Assert.Null(f.Space.Find(f.Id("x")));
    }

    [Fact]
    public void Types_know_what_they_refine()
    {
        using var f = new SpaceFixture();

        Assert.True(f.Space.IsSubtypeOf(NodeIds.HasProperty, NodeIds.HierarchicalReferences));
        Assert.True(f.Space.IsSubtypeOf(NodeIds.Int32, NodeIds.Number));
        Assert.True(f.Space.IsSubtypeOf(NodeIds.AnalogUnitType, NodeIds.BaseDataVariableType));
        Assert.False(f.Space.IsSubtypeOf(NodeIds.Number, NodeIds.Int32));
        Assert.False(f.Space.IsSubtypeOf(NodeIds.HasTypeDefinition, NodeIds.HierarchicalReferences));
    }

    [Fact]
    public void Removing_takes_what_hangs_there_alone_and_leaves_what_others_hold()
    {
        using var f = new SpaceFixture();
        var one = f.Folder("one");
        var two = f.Folder("two");
        f.Variable("alone", NodeIds.Double, 1.0, parent: one.Id);
        var shared = f.Variable("shared", NodeIds.Double, 1.0, parent: one.Id);
        f.Space.AddReference(two.Id, NodeIds.Organizes, shared.Id);

        Assert.Equal(2, f.Space.Remove(one.Id));

        Assert.Null(f.Space.Find(f.Id("alone")));
        Assert.Same(shared, f.Space.Find(shared.Id));
        Assert.DoesNotContain(References(shared), r => ReferenceEquals(r.Target, one));
        Assert.DoesNotContain(References(f.Space.Find(NodeIds.ObjectsFolder)!), r => ReferenceEquals(r.Target, one));
        Assert.Equal(0, f.Space.Remove(one.Id));
    }

    [Fact]
    public void Removing_ends_when_nodes_hold_each_other()
    {
        using var f = new SpaceFixture();
        var a = f.Folder("a");
        var b = f.Folder("b", a.Id);
        f.Space.AddReference(b.Id, NodeIds.Organizes, a.Id);

        Assert.Equal(2, f.Space.Remove(a.Id));
    }

    [Fact]
    public void A_group_of_changes_is_told_in_one_event_and_versions_the_nodes()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        var version = f.Space.Add(new VariableNode(f.Id("line/v"), "NodeVersion"), folder.Id, NodeIds.HasProperty);
        var sink = new Sink();
        f.Space.Events = sink;

        using (f.Space.BeginChange())
        {
            using (f.Space.BeginChange())
            {
                f.Variable("a", NodeIds.Double, 1.0, parent: folder.Id);
            }

            f.Variable("b", NodeIds.Double, 1.0, parent: folder.Id);
            Assert.Empty(sink.Events);
        }

        var e = Assert.Single(sink.Events);
        Assert.Equal(NodeIds.GeneralModelChangeEventType, e.EventType.Number);
        var changes =
            e.Field("Changes").Get<ExtensionObject[]>()!.Select(static c => (ModelChangeStructureDataType)c.Body!);
        Assert.Equal(
            [(f.Id("a"), (byte)1), (f.Id("b"), (byte)1), (folder.Id, (byte)4)],
            changes.Select(static c => (c.Affected, c.Verb)).OrderBy(static c => c.Affected.Text));
        Assert.False(string.IsNullOrEmpty(version.Get().Value.Get<string>()));
    }

    [Fact]
    public void More_changes_than_an_event_holds_are_told_as_something_changed()
    {
        using var f = new SpaceFixture();
        var sink = new Sink();
        f.Space.Events = sink;
        using (f.Space.BeginChange())
        {
            for (var i = 0; i < 1500; i++)
            {
                f.Variable($"v{i}", NodeIds.Double, 1.0);
            }
        }

        Assert.Equal(NodeIds.BaseModelChangeEventType, Assert.Single(sink.Events).EventType.Number);
    }

    [Fact]
    public async Task Browsing_sees_every_child_that_stays_while_others_come_and_go()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        for (var i = 0; i < 50; i++)
        {
            f.Variable($"stays{i}", NodeIds.Double, 1.0, parent: folder.Id);
        }

        await Meanwhile.IsAlwaysRightAsync(
            () => References(folder).Count(static r =>
                r.Target.BrowseName.Name!.StartsWith("stays", StringComparison.Ordinal)) == 50,
            i =>
            {
                f.Variable($"guest{i}", NodeIds.Double, 1.0, parent: folder.Id);
                f.Space.Remove(f.Id($"guest{i}"));
            },
            500);
    }

    private static List<Reference> References(Node node)
    {
        var list = new List<Reference>();
        foreach (var reference in node.References)
        {
            list.Add(reference);
        }

        return list;
    }

    private sealed class Sink : IEventSink
    {
        public List<ServerEvent> Events { get; } = [];

        public void Raise(ServerEvent e) => Events.Add(e);
    }
}
