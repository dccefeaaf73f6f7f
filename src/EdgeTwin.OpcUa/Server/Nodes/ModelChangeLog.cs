using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Collects changes of the structure and makes one event of them (OPC 10000-5 §6.4.31 to 6.4.33). Used under
/// the lock of the space.</summary>
internal sealed class ModelChangeLog
{
    /// <summary>Most changes told one by one; more are told as "something changed".</summary>
    private const int MostChanges = 1000;

    private readonly Dictionary<Node, ModelChangeStructureVerbMask> changes = [];
    private bool overflown;

    public void Add(Node node, ModelChangeStructureVerbMask verb)
    {
        var isKnown = changes.TryGetValue(node, out var before);
        if (!isKnown && changes.Count >= MostChanges)
        {
            overflown = true;
            return;
        }

        changes[node] = before | verb;
    }

    /// <summary>The event of what was collected, which is then forgotten; null when nothing was.</summary>
    /// <param name="now">The event's time.</param>
    /// <param name="versions">The NodeVersion properties of the nodes that changed.</param>
    public ServerEvent? Take(DateTime now, out List<VariableNode> versions)
    {
        versions = [];
        if (changes.Count == 0)
        {
            return null;
        }

        var told = new List<ModelChangeStructureDataType>(changes.Count);
        foreach (var (node, verb) in changes)
        {
            told.Add(new ModelChangeStructureDataType
            {
                Affected = node.Id,
                AffectedType = node is ObjectNode or VariableNode ? node.TypeDefinition?.Id ?? default : default,
                Verb = (byte)verb,
            });
            if (VersionOf(node) is { } version)
            {
                versions.Add(version);
            }
        }

        var e = new ServerEvent
        {
            EventType = overflown ? NodeIds.BaseModelChangeEventType : NodeIds.GeneralModelChangeEventType,
            Time = now,
            SourceNode = NodeIds.Server,
            SourceName = "Server",
            Message = "The address space changed.",
            Fields = overflown
                ? new Dictionary<string, Variant>()
                : new Dictionary<string, Variant> { ["Changes"] = Variant.OfStructures(told) },
        };

        Clear();
        return e;
    }

    public void Clear()
    {
        changes.Clear();
        overflown = false;
    }

    private static VariableNode? VersionOf(Node node)
    {
        foreach (var reference in node.References)
        {
            if (reference.Is(NodeIds.HasProperty) && reference.Target is VariableNode property
                && property.BrowseName == "NodeVersion")
            {
                return property;
            }
        }

        return null;
    }
}
