using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>TranslateBrowsePathsToNodeIds (OPC 10000-4 §5.9.4): step by step, never deeper, with limits on length and
/// width.</summary>
internal sealed class PathService(AddressSpace space, ServerLimits limits)
{
    public ValueTask<IServiceResponse> TranslateAsync(TranslateBrowsePathsToNodeIdsRequest request,
        RequestContext context)
    {
        RequestLimits.Check(request.BrowsePaths.Length, limits.MaxNodesPerTranslateBrowsePathsToNodeIds);
        var caller = Caller.Of(context);
        var results = new BrowsePathResult[request.BrowsePaths.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Translate(request.BrowsePaths[i], caller);
        }

        return new ValueTask<IServiceResponse>(new TranslateBrowsePathsToNodeIdsResponse { Results = results });
    }

    private BrowsePathResult Translate(BrowsePath path, in Caller caller)
    {
        if (space.Find(path.StartingNode) is not { } start || !caller.MayBrowse(start))
        {
            return Failed(StatusCodes.BadNodeIdUnknown);
        }

        var elements = path.RelativePath.Elements;
        if (elements.Length == 0)
        {
            return Failed(StatusCodes.BadNothingToDo);
        }

        if (elements.Length > limits.MaxBrowsePathElements)
        {
            return Failed(StatusCodes.BadTooManyOperations);
        }

        foreach (var element in elements)
        {
            if (element.TargetName.IsNull)
            {
                return Failed(StatusCodes.BadBrowseNameInvalid);
            }
        }

        HashSet<Node> reached = [start];
        foreach (var element in elements)
        {
            reached = Step(reached, element, caller);
            if (reached.Count == 0)
            {
                return Failed(StatusCodes.BadNoMatch);
            }

            if (reached.Count > limits.MaxBrowsePathTargets)
            {
                return Failed(StatusCodes.BadTooManyMatches);
            }
        }

        var targets = new BrowsePathTarget[reached.Count];
        var next = 0;
        foreach (var node in reached)
        {
            // Every target is of this server, so the whole path was followed.
            targets[next++] = new BrowsePathTarget { TargetId = node.Id, RemainingPathIndex = uint.MaxValue };
        }

        return new BrowsePathResult { Targets = targets };
    }

    private HashSet<Node> Step(HashSet<Node> from, RelativePathElement element, in Caller caller)
    {
        var reached = new HashSet<Node>();
        var type = space.Find(element.ReferenceTypeId) as ReferenceTypeNode;
        if (type is null && !element.ReferenceTypeId.IsNull)
        {
            return reached;
        }

        var filter = new BrowseFilter
        {
            Direction = element.IsInverse ? BrowseDirection.Inverse : BrowseDirection.Forward,
            Type = type,
            IncludeSubtypes = element.IncludeSubtypes,
            NodeClassMask = 0,
            View = null,
        };
        foreach (var node in from)
        {
            foreach (var reference in node.References)
            {
                if (reference.Target.BrowseName == element.TargetName && filter.Passes(reference, caller)
                    && reached.Add(reference.Target) && reached.Count > limits.MaxBrowsePathTargets)
                {
                    return reached;
                }
            }
        }

        return reached;
    }

    private static BrowsePathResult Failed(StatusCode status) => new() { StatusCode = status };
}
