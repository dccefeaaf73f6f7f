using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>The nodes of a view: the view itself and what hierarchical references lead to from it.</summary>
internal static class ViewMembers
{
    /// <summary>The members of a view; null, that is the whole space, when no view is named.</summary>
    /// <exception cref="OpcUaException">BadViewIdUnknown, BadViewParameterMismatch, BadViewTimestampInvalid,
    /// BadViewVersionInvalid (OPC 10000-4 §5.9.2.3): there is only the present view.</exception>
    public static HashSet<Node>? Of(AddressSpace space, NodeId view, DateTime timestamp, uint version)
    {
        if (view.IsNull)
        {
            return null;
        }

        if (space.Find(view) is not ViewNode root)
        {
            throw new OpcUaException(StatusCodes.BadViewIdUnknown, $"{view} is no view");
        }

        if (timestamp != default)
        {
            throw version != 0
                ? new OpcUaException(StatusCodes.BadViewParameterMismatch, "a view is named by timestamp and version")
                : new OpcUaException(StatusCodes.BadViewTimestampInvalid, "earlier states of a view are not kept");
        }

        if (version != 0 && VersionOf(space, root) != version)
        {
            throw new OpcUaException(StatusCodes.BadViewVersionInvalid, $"the view has no version {version}");
        }

        return Collect(root);
    }

    private static uint? VersionOf(AddressSpace space, ViewNode view) =>
        (space.Resolve(view.Id, "ViewVersion") as VariableNode)?.Get().Value.Get<uint>();

    private static HashSet<Node> Collect(ViewNode root)
    {
        var members = new HashSet<Node> { root };
        var left = new Queue<Node>([root]);
        while (left.TryDequeue(out var node))
        {
            foreach (var reference in node.References)
            {
                if (!reference.IsInverse && reference.Type.IsOrRefines(NodeIds.HierarchicalReferences)
                    && members.Add(reference.Target))
                {
                    left.Enqueue(reference.Target);
                }
            }
        }

        return members;
    }
}
