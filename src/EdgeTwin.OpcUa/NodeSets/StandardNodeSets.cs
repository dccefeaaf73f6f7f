namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>The nodesets that the library carries. Each is read anew from its resource.</summary>
public static class StandardNodeSets
{
    /// <summary>Namespace of devices, OPC 10000-100.</summary>
    public const string DiUri = "http://opcfoundation.org/UA/DI/";

    /// <summary>Namespace of industrial automation, OPC 10000-200.</summary>
    public const string IaUri = "http://opcfoundation.org/UA/IA/";

    /// <summary>Namespace of machinery, OPC 40001-1.</summary>
    public const string MachineryUri = "http://opcfoundation.org/UA/Machinery/";

    /// <summary>Namespace 0, complete.</summary>
    public static NodeSet ReadCore() => Read("Opc.Ua", static uri =>
        throw new InvalidDataException($"The core nodeset refers to the namespace {uri}."));

    /// <summary>Devices. Requires the core.</summary>
    /// <param name="namespaceIndex">Gives the index of a namespace, and adds it when it is new.</param>
    public static NodeSet ReadDi(Func<string, ushort> namespaceIndex) => Read("Opc.Ua.Di", namespaceIndex);

    /// <summary>Industrial automation. Requires DI.</summary>
    /// <param name="namespaceIndex">Gives the index of a namespace, and adds it when it is new.</param>
    public static NodeSet ReadIa(Func<string, ushort> namespaceIndex) => Read("Opc.Ua.IA", namespaceIndex);

    /// <summary>Machinery. Requires DI and IA.</summary>
    /// <param name="namespaceIndex">Gives the index of a namespace, and adds it when it is new.</param>
    public static NodeSet ReadMachinery(Func<string, ushort> namespaceIndex) =>
        Read("Opc.Ua.Machinery", namespaceIndex);

    private static NodeSet Read(string name, Func<string, ushort> namespaceIndex)
    {
        using var stream = typeof(StandardNodeSets).Assembly.GetManifestResourceStream($"{name}.uanodes")
            ?? throw new InvalidDataException($"The nodeset {name} is missing from the assembly.");
        return NodeSetReader.Read(stream, namespaceIndex);
    }
}
