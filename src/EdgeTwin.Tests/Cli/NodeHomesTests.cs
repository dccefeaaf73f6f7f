using EdgeTwin.Cli;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.Cli;

public sealed class NodeHomesTests
{
    private static readonly NodeId Objects = NodeIds.ObjectsFolder;
    private static readonly NodeId Machines = new(1, 1001);
    private static readonly NamespaceTable Namespaces =
        new(["http://opcfoundation.org/UA/", "http://opcfoundation.org/UA/Machinery/", "urn:plant"]);

    private readonly NodeId site = new(2, "site");
    private readonly NodeId pump = new(2, "pump");
    private readonly NodeId flow = new(2, "flow");

    [Fact]
    public void A_machine_is_at_home_in_its_plant_though_Machines_lists_it_nearer_to_the_top()
    {
        BrowsedNode[] found =
        [
            Reference(Machines, Objects), Reference(site, Objects), Reference(pump, Machines), Reference(flow, pump),
            Reference(pump, site),
        ];
        var homes = new NodeHomes(found, Namespaces);
        Assert.Equal([true, true, false, true, true], found.Select(homes.IsHome));
        Assert.Equal("site/pump/flow", homes.PathOf(flow));
    }

    [Fact]
    public void A_machine_that_only_Machines_lists_is_at_home_there_whatever_refers_back_to_it()
    {
        BrowsedNode[] found =
            [Reference(Machines, Objects), Reference(pump, Machines), Reference(flow, pump), Reference(pump, flow)];
        var homes = new NodeHomes(found, Namespaces);
        Assert.Equal([true, true, true, false], found.Select(homes.IsHome));
    }

    private static BrowsedNode Reference(NodeId to, NodeId from) => new(
        to, from, NodeIds.Organizes, new QualifiedName(2, to.Text), default, NodeClass.Object, NodeId.Null, 1);
}
