using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Browse and BrowseNext (OPC 10000-4 §5.9.2, §5.9.3), from the request's bytes to the response's.</summary>
internal sealed class ViewService(AddressSpace space, ServerLimits limits)
{
    private const int LeastBrowseDescription = 2 + 4 + 2 + 1 + 4 + 4;

    public void Register(ServiceTable table)
    {
        table.AddInline(BrowseRequest.EncodingId, BrowseResponse.EncodingId, "Browse", Browse);
        table.AddInline(BrowseNextRequest.EncodingId, BrowseNextResponse.EncodingId, "BrowseNext", BrowseNext);
        var paths = new PathService(space, limits);
        table.Add<TranslateBrowsePathsToNodeIdsRequest>(
            TranslateBrowsePathsToNodeIdsRequest.EncodingId, "TranslateBrowsePathsToNodeIds", paths.TranslateAsync);
        table.Add<RegisterNodesRequest>(RegisterNodesRequest.EncodingId, "RegisterNodes", RegisterAsync);
        table.Add<UnregisterNodesRequest>(UnregisterNodesRequest.EncodingId, "UnregisterNodes", UnregisterAsync);
    }

    public Task<IServiceResponse>? Browse(ref UaReader request, RequestContext context, ref UaWriter response)
    {
        var view = ViewMembers.Of(space, request.ReadNodeId(), request.ReadDateTime(), request.ReadUInt32());
        var most = request.ReadUInt32();
        var count = RequestLimits.ReadCount(ref request, LeastBrowseDescription, limits.MaxNodesPerBrowse);
        var caller = Caller.Of(context);
        response.WriteInt32(count);
        for (var i = 0; i < count; i++)
        {
            var node = space.ReadNode(ref request);
            var direction = (BrowseDirection)request.ReadInt32();
            var typeId = request.ReadNodeId();
            var filter = new BrowseFilter
            {
                Direction = direction,
                Type = space.Find(typeId) as ReferenceTypeNode,
                IncludeSubtypes = request.ReadBoolean(),
                NodeClassMask = request.ReadUInt32(),
                View = view,
            };
            var resultMask = request.ReadUInt32();
            if (Check(node, caller, view, filter, typeId) is { IsBad: true } error)
            {
                WriteError(response, error);
                continue;
            }

            WriteResult(response, context, node!.Slots, filter, resultMask, most, 0, count - i);
        }

        response.WriteInt32(0);
#pragma warning disable MA0022 // no task is what InlineHandler returns when the response is written
        return null;
#pragma warning restore MA0022
    }

    public Task<IServiceResponse>? BrowseNext(ref UaReader request, RequestContext context, ref UaWriter response)
    {
        var release = request.ReadBoolean();
        var count = RequestLimits.ReadCount(ref request, sizeof(int), limits.MaxNodesPerBrowse);
        // Released points give no results (§5.9.3.2).
        response.WriteInt32(release ? 0 : count);
        for (var i = 0; i < count; i++)
        {
            var point = context.Session.ContinuationPoints.Take<BrowseContinuation>(request.ReadBytesInPlace());
            if (release)
            {
                continue;
            }

            if (point is null)
            {
                WriteError(response, StatusCodes.BadContinuationPointInvalid);
                continue;
            }

            WriteResult(response, context, point.Slots, point.Filter, point.ResultMask, point.MaxReferences, point.Next,
                count - i);
        }

        response.WriteInt32(0);
#pragma warning disable MA0022 // no task is what InlineHandler returns when the response is written
        return null;
#pragma warning restore MA0022
    }

    private static StatusCode Check(Node? node, in Caller caller, HashSet<Node>? view, in BrowseFilter filter,
        NodeId typeId)
    {
        if (node is null || view?.Contains(node) == false || !caller.MayBrowse(node))
        {
            return StatusCodes.BadNodeIdUnknown;
        }

        if (filter.Direction is < BrowseDirection.Forward or > BrowseDirection.Both)
        {
            return StatusCodes.BadBrowseDirectionInvalid;
        }

        return filter.Type is null && !typeId.IsNull ? StatusCodes.BadReferenceTypeIdInvalid : StatusCodes.Good;
    }

    private static void WriteError(in UaWriter response, StatusCode error)
    {
        response.WriteStatusCode(error);
        response.WriteInt32(-1);
        response.WriteInt32(0);
    }

    // The continuation point stands before the references, but is known only behind them: its room is left, and taken
    // out again when there is none.
    private void WriteResult(in UaWriter response, RequestContext context, Reference[] slots, BrowseFilter filter,
        uint resultMask, uint most, int next, int operationsLeft)
    {
        var caller = Caller.Of(context);
        var start = response.Position;
        response.WriteStatusCode(StatusCodes.Good);
        var pointAt = response.ReserveInt32();
        response.WriteUInt64(0);
        var countAt = response.ReserveInt32();
        var written = 0;
        for (; ReferenceSlots.IsUsed(slots, next); next++)
        {
            if (!filter.Passes(slots[next], caller))
            {
                continue;
            }

            // The message must not pass the client's limit: what does not fit waits behind a continuation point.
            if ((most != 0 && written == most) || response.Room < ReferenceWriter.MostBytes + (32 * operationsLeft))
            {
                break;
            }

            ReferenceWriter.Write(response, slots[next], resultMask);
            written++;
        }

        response.PatchInt32(countAt, written);
        if (!ReferenceSlots.IsUsed(slots, next))
        {
            response.PatchInt32(pointAt, -1);
            response.RemoveRange(pointAt + sizeof(int), ContinuationPointStore.Size);
            return;
        }

        var id = context.Session.ContinuationPoints.Add(
            new BrowseContinuation
            {
                Slots = slots,
                Filter = filter,
                ResultMask = resultMask,
                MaxReferences = most,
                Next = next,
            },
            limits.MaxBrowseContinuationPoints);
        if (id == 0)
        {
            response.Truncate(start);
            WriteError(response, StatusCodes.BadNoContinuationPoints);
            return;
        }

        response.PatchInt32(pointAt, ContinuationPointStore.Size);
        response.PatchInt32(pointAt + 4, (int)(uint)id);
        response.PatchInt32(pointAt + 8, (int)(uint)(id >> 32));
    }

    // Ids are found as fast as handles would be, so the ids themselves come back (OPC 10000-4 §5.9.5 allows it).
    private ValueTask<IServiceResponse> RegisterAsync(RegisterNodesRequest request, RequestContext context)
    {
        RequestLimits.Check(request.NodesToRegister.Length, limits.MaxNodesPerRegisterNodes);
        return new ValueTask<IServiceResponse>(
            new RegisterNodesResponse { RegisteredNodeIds = request.NodesToRegister });
    }

    private ValueTask<IServiceResponse> UnregisterAsync(UnregisterNodesRequest request, RequestContext context)
    {
        RequestLimits.Check(request.NodesToUnregister.Length, limits.MaxNodesPerRegisterNodes);
        return new ValueTask<IServiceResponse>(new UnregisterNodesResponse());
    }
}
