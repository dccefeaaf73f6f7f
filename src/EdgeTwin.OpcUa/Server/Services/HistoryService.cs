using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>HistoryRead and HistoryUpdate (OPC 10000-4 §5.11.3, §5.11.5): the rules around a provider; without one,
/// honest refusals for each node.</summary>
internal sealed class HistoryService(AddressSpace space, ServerLimits limits, IHistoryProvider? provider)
{
    public void Register(ServiceTable table)
    {
        table.Add<HistoryReadRequest>(HistoryReadRequest.EncodingId, "HistoryRead", ReadAsync);
        table.Add<HistoryUpdateRequest>(HistoryUpdateRequest.EncodingId, "HistoryUpdate", UpdateAsync);
    }

    public ValueTask<IServiceResponse> ReadAsync(HistoryReadRequest request, RequestContext context)
    {
        RequestLimits.Check(request.NodesToRead.Length, limits.MaxNodesPerHistoryRead);
        if (request.TimestampsToReturn is < TimestampsToReturn.Source or >= TimestampsToReturn.Neither)
        {
            throw new OpcUaException(StatusCodes.BadTimestampsToReturnInvalid,
                $"history with timestamps {(int)request.TimestampsToReturn}");
        }

        if (request.HistoryReadDetails?.Body is not HistoryReadDetails details)
        {
            throw new OpcUaException(StatusCodes.BadHistoryOperationInvalid, "the request has no known details");
        }

        return ReadAllAsync(request, details, context);
    }

    public ValueTask<IServiceResponse> UpdateAsync(HistoryUpdateRequest request, RequestContext context)
    {
        RequestLimits.Check(request.HistoryUpdateDetails.Length, limits.MaxNodesPerHistoryUpdate);
        return UpdateAllAsync(request, context);
    }

    private async ValueTask<IServiceResponse> ReadAllAsync(
        HistoryReadRequest request, HistoryReadDetails details, RequestContext context)
    {
        var results = new HistoryReadResult[request.NodesToRead.Length];
        for (var i = 0; i < results.Length; i++)
        {
            try
            {
                results[i] = await ReadOneAsync(request, details, request.NodesToRead[i], context);
            }
            catch (OpcUaException e)
            {
                results[i] = Failed(e.Status);
            }
        }

        return new HistoryReadResponse { Results = results };
    }

    private async ValueTask<HistoryReadResult> ReadOneAsync(
        HistoryReadRequest request, HistoryReadDetails details, HistoryReadValueId toRead, RequestContext context)
    {
        var points = context.Session.ContinuationPoints;
        var continuation = toRead.ContinuationPoint is { Length: > 0 } id ? points.Take<HistoryContinuation>(id) : null;
        if (request.ReleaseContinuationPoints)
        {
            return new HistoryReadResult();
        }

        // A point is good for the node and the session that it was given to.
        if (toRead.ContinuationPoint is { Length: > 0 } && continuation?.Node != toRead.NodeId)
        {
            return Failed(StatusCodes.BadContinuationPointInvalid);
        }

        var status = Check(toRead.NodeId, details, Caller.Of(context), out var node);
        if (status.IsBad || provider is null)
        {
            return Failed(status.IsBad ? status : StatusCodes.BadHistoryOperationUnsupported);
        }

        var (result, state) = await provider.ReadAsync(
            node!, details, toRead, continuation?.State, request.TimestampsToReturn, context.CancellationToken);
        if (state is null)
        {
            return result;
        }

        var point = points.Add(new HistoryContinuation(toRead.NodeId, state), limits.MaxHistoryContinuationPoints);
        if (point == 0)
        {
            return Failed(StatusCodes.BadNoContinuationPoints);
        }

        var bytes = new byte[ContinuationPointStore.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, point);
        return new HistoryReadResult
        {
            StatusCode = result.StatusCode,
            HistoryData = result.HistoryData,
            ContinuationPoint = bytes,
        };
    }

    private StatusCode Check(NodeId id, HistoryReadDetails details, in Caller caller, out Node? node)
    {
        node = space.Find(id);
        if (node is null || !caller.MayBrowse(node))
        {
            return StatusCodes.BadNodeIdUnknown;
        }

        var hasHistory = details is ReadEventDetails
            ? node is ObjectNode { EventNotifier: var notifier }
                && (notifier & EventNotifierType.HistoryRead) != EventNotifierType.None
            : node is VariableNode { AccessLevel: var level }
                && (level & AccessLevelExType.HistoryRead) != AccessLevelExType.None;
        return hasHistory
            ? caller.Check(node, PermissionType.ReadHistory)
            : StatusCodes.BadHistoryOperationUnsupported;
    }

    private async ValueTask<IServiceResponse> UpdateAllAsync(HistoryUpdateRequest request, RequestContext context)
    {
        var results = new HistoryUpdateResult[request.HistoryUpdateDetails.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = await UpdateOneAsync(request.HistoryUpdateDetails[i], context);
        }

        return new HistoryUpdateResponse { Results = results };
    }

    private async ValueTask<HistoryUpdateResult> UpdateOneAsync(ExtensionObject? details, RequestContext context)
    {
        if (details?.Body is not HistoryUpdateDetails update)
        {
            return new HistoryUpdateResult { StatusCode = StatusCodes.BadHistoryOperationInvalid };
        }

        var (id, permission) = Target(update);
        var caller = Caller.Of(context);
        if (space.Find(id) is not { } node || !caller.MayBrowse(node))
        {
            return new HistoryUpdateResult { StatusCode = StatusCodes.BadNodeIdUnknown };
        }

        if (provider is null || node is VariableNode { AccessLevel: var level }
            && (level & AccessLevelExType.HistoryWrite) == AccessLevelExType.None)
        {
            return new HistoryUpdateResult { StatusCode = StatusCodes.BadHistoryOperationUnsupported };
        }

        var status = caller.Check(node, permission);
        if (status.IsBad)
        {
            return new HistoryUpdateResult { StatusCode = status };
        }

        try
        {
            return await provider.UpdateAsync(update, context.CancellationToken);
        }
        catch (OpcUaException e)
        {
            return new HistoryUpdateResult { StatusCode = e.Status };
        }
    }

    private static (NodeId Node, PermissionType Permission) Target(HistoryUpdateDetails details) => details switch
    {
        UpdateDataDetails d => (d.NodeId, Permission(d.PerformInsertReplace)),
        UpdateStructureDataDetails d => (d.NodeId, Permission(d.PerformInsertReplace)),
        UpdateEventDetails d => (d.NodeId, Permission(d.PerformInsertReplace)),
        DeleteRawModifiedDetails d => (d.NodeId, PermissionType.DeleteHistory),
        DeleteAtTimeDetails d => (d.NodeId, PermissionType.DeleteHistory),
        DeleteEventDetails d => (d.NodeId, PermissionType.DeleteHistory),
        _ => (NodeId.Null, PermissionType.ModifyHistory),
    };

    private static PermissionType Permission(PerformUpdateType what) => what switch
    {
        PerformUpdateType.Insert => PermissionType.InsertHistory,
        PerformUpdateType.Remove => PermissionType.DeleteHistory,
        PerformUpdateType.Update => PermissionType.InsertHistory | PermissionType.ModifyHistory,
        _ => PermissionType.ModifyHistory,
    };

    private static HistoryReadResult Failed(StatusCode status) => new() { StatusCode = status };
}
