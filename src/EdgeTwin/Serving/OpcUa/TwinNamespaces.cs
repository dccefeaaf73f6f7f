using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>Where a server has the namespaces that the twin's nodes use.</summary>
/// <param name="Twin">Index of the twin's own.</param>
/// <param name="DeviceIntegration">Index of OPC 10000-100.</param>
/// <param name="Machinery">Index of OPC 40001-1.</param>
/// <param name="Machines">The folder of machines; null where the server has no OPC 40001-1.</param>
internal sealed record TwinNamespaces(ushort Twin, ushort DeviceIntegration, ushort Machinery, NodeId? Machines)
{
    private const uint MachinesId = 1001;
    private const uint MachineryComponentIdentificationTypeId = 1005;
    private const uint MachineComponentsTypeId = 1006;
    private const uint MachineIdentificationTypeId = 1012;

    /// <summary>Type of a machine's nameplate.</summary>
    public NodeId MachineIdentificationType => new(Machinery, MachineIdentificationTypeId);

    /// <summary>Type of a part's nameplate.</summary>
    public NodeId ComponentIdentificationType => new(Machinery, MachineryComponentIdentificationTypeId);

    /// <summary>Type of the list of a machine's parts.</summary>
    public NodeId MachineComponentsType => new(Machinery, MachineComponentsTypeId);

    /// <summary>Puts the types of machines and their nameplates into a space. The twin's own namespace goes first:
    /// people see its index, and it is 2 in every gateway.</summary>
    public static void LoadInto(AddressSpace space, string twin)
    {
        space.Namespaces.Add(twin);
        space.Load(StandardNodeSets.ReadDi(space.Namespaces.Add));
        space.Load(StandardNodeSets.ReadIa(space.Namespaces.Add));
        space.Load(StandardNodeSets.ReadMachinery(space.Namespaces.Add));
    }

    /// <summary>Finds them in a space.</summary>
    public static TwinNamespaces In(AddressSpace space, string twin)
    {
        var own = space.Namespaces.Add(twin);
        var machinery = space.Namespaces.IndexOf(StandardNodeSets.MachineryUri);
        var device = space.Namespaces.IndexOf(StandardNodeSets.DiUri);
        if (machinery < 0 || device < 0) return new TwinNamespaces(own, 0, 0, null);
        var machines = new NodeId((ushort)machinery, MachinesId);
        return new TwinNamespaces(
            own, (ushort)device, (ushort)machinery, space.Find(machines) is null ? null : machines);
    }
}
