using EdgeTwin.Assets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Serving.OpcUa;

/// <summary>Parts of a machine, and the namespace that all of it is in.</summary>
public sealed class TwinComponentTests : IDisposable
{
    private const string Pump = "acme/north/pump-7";
    private readonly TwinRig rig = new();

    public void Dispose() => rig.Dispose();

    // SCADA systems bind to these for years. A change here breaks every plant that upgrades.
    [Fact]
    public void A_part_has_its_tags_and_its_nameplate_below_it_and_other_tags_stay_where_they_are()
    {
        rig.Twin.Apply(WithMotor(
            TwinRig.Tag(0, "flow"), TwinRig.Tag(1, "current", unit: "A") with { Component = "motor" }));
        Assert.All(
            (string[])
            [
                $"{Pump}/flow", $"{Pump}/motor", $"{Pump}/motor/current", $"{Pump}/motor/current/EngineeringUnits",
                $"{Pump}/motor/$identification", $"{Pump}/motor/$identification/SerialNumber", $"{Pump}/$components",
            ],
            id => Assert.True(rig.Find(id) is not null, id));
        Assert.Null(rig.Find($"{Pump}/current"));
        Assert.Same(rig.Find($"{Pump}/motor/current"), rig.Space.Resolve(
            NodeIds.ObjectsFolder, new QualifiedName(2, "acme"), new QualifiedName(2, "north"),
            new QualifiedName(2, "pump-7"), new QualifiedName(2, "motor"), new QualifiedName(2, "current")));
        Assert.Equal("M-1", rig.Variable($"{Pump}/motor/$identification/SerialNumber").Get().Value.Get<string>());
    }

    // OPC 40001-1 §11: the parts are found in the list Components, each with its own nameplate.
    [Fact]
    public void The_parts_are_in_the_machines_list_of_components()
    {
        rig.Twin.Apply(WithMotor());
        var machinery = (ushort)rig.Space.Namespaces.IndexOf("http://opcfoundation.org/UA/Machinery/");
        Assert.Same(rig.Find($"{Pump}/motor"), rig.Space.Resolve(
            new NodeId(2, Pump), new QualifiedName(machinery, "Components"), new QualifiedName(2, "motor")));
        Assert.Equal(new NodeId(machinery, 1006), rig.Find($"{Pump}/$components")!.TypeDefinition!.Id);
        Assert.Equal(new NodeId(machinery, 1005), rig.Find($"{Pump}/motor/$identification")!.TypeDefinition!.Id);
    }

    // OPC 10000-5 §6.3.13.
    [Fact]
    public void The_namespace_is_described_below_the_server()
    {
        rig.Twin.Apply(TwinRig.Of());
        var metadata = rig.Space.Resolve(NodeIds.Server_Namespaces, new QualifiedName(2, TwinRig.Uri));
        Assert.Equal((NodeId)NodeIds.NamespaceMetadataType, metadata!.TypeDefinition!.Id);
        Assert.Equal(TwinRig.Uri, rig.Variable("$namespace/NamespaceUri").Get().Value.Get<string>());
        Assert.False(rig.Variable("$namespace/IsNamespaceSubset").Get().Value.Get<bool>());
        Assert.Empty(rig.Variable("$namespace/StaticNodeIdTypes").Get().Value.Get<int[]>()!);
    }

    private static ServedTwin WithMotor(params TagDefinition[] tags) => TwinRig.Of(tags) with
    {
        Asset = TwinRig.Pump with { Components = [new Component("motor", new ComponentConfig { Serial = "M-1" })] },
    };
}
