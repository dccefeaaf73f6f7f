using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Write (OPC 10000-4 §5.11.4): values that the server keeps are stored at once, those of devices go to their
/// writers, all of them at the same time.</summary>
internal sealed class WriteService(AddressSpace space, ServerLimits limits)
{
    private const int LeastWriteValue = 2 + 4 + 4 + 1;
    private readonly DataTypeRules rules = new(space);

    public Task<IServiceResponse>? Write(ref UaReader request, RequestContext context, ref UaWriter response)
    {
        var count = RequestLimits.ReadCount(ref request, LeastWriteValue, limits.MaxNodesPerWrite);
        var results = new StatusCode[count];
        List<(int Index, Task<StatusCode> Result)>? pending = null;
        var caller = Caller.Of(context);
        for (var i = 0; i < count; i++)
        {
            var node = space.ReadNode(ref request);
            var attributeId = request.ReadUInt32();
            var range = request.ReadBytesInPlace();
            var value = request.ReadDataValue();
            if (node is VariableNode variable && attributeId == AttributeIds.Value)
            {
                var write = WriteValue(variable, range, value, caller, context);
                if (!write.IsCompletedSuccessfully)
                {
                    (pending ??= []).Add((i, write.AsTask()));
                    continue;
                }

#pragma warning disable VSTHRD103 // it is completed: nothing blocks
                results[i] = write.Result;
#pragma warning restore VSTHRD103
            }
            else
            {
                results[i] = WriteOther(node, attributeId, value, caller);
            }
        }

        if (pending is not null)
        {
            return FinishAsync(results, pending);
        }

        response.WriteInt32(count);
        foreach (var result in results)
        {
            response.WriteStatusCode(result);
        }

        response.WriteInt32(0);
#pragma warning disable MA0022 // no task is what InlineHandler returns when the response is written
        return null;
#pragma warning restore MA0022
    }

    private static async Task<IServiceResponse> FinishAsync(
        StatusCode[] results, List<(int Index, Task<StatusCode> Result)> pending)
    {
        foreach (var (index, result) in pending)
        {
            try
            {
                results[index] = await result;
            }
            catch (OpcUaException e)
            {
                results[index] = e.Status;
            }
            catch (OperationCanceledException)
            {
                results[index] = StatusCodes.BadTimeout;
            }
        }

        return new WriteResponse { Results = results };
    }

    private ValueTask<StatusCode> WriteValue(VariableNode node, ReadOnlySpan<byte> rangeText, in DataValue written,
        in Caller caller, RequestContext context)
    {
        var status = CheckAccess(node, written, caller);
        if (status.IsBad)
        {
            return new ValueTask<StatusCode>(status);
        }

        if (!rangeText.IsEmpty || node.Writer is not null)
        {
            return WriteSlowly(node, rangeText, written, caller, context);
        }

        var value = written.Value;
        status = rules.Check(node.DataType, node.ValueRank, node.ArrayDimensions, ref value);
        if (!status.IsBad)
        {
            node.Set(Stamped(written, value, context.UtcNow));
        }

        return new ValueTask<StatusCode>(status);
    }

    private ValueTask<StatusCode> WriteSlowly(VariableNode node, ReadOnlySpan<byte> rangeText, in DataValue written,
        in Caller caller, RequestContext context)
    {
        if (!NumericRange.TryParse(System.Text.Encoding.UTF8.GetString(rangeText), out var range))
        {
            return new ValueTask<StatusCode>(StatusCodes.BadIndexRangeInvalid);
        }

        if (range.Dimensions > 0 && (node.AccessLevel & AccessLevelExType.WriteFullArrayOnly) != AccessLevelExType.None)
        {
            return new ValueTask<StatusCode>(StatusCodes.BadWriteNotSupported);
        }

        // Another writer may come between reading and storing: then the merge is made again.
        while (true)
        {
            var present = node.Get();
            var value = written.Value;
            var status = Merge(node, range, present.Value, ref value);
            if (status.IsBad)
            {
                return new ValueTask<StatusCode>(status);
            }

            var stamped = Stamped(written, value, context.UtcNow);
            if (node.Writer is { } writer)
            {
                return writer.WriteAsync(
                    new VariableWrite(node, stamped, range.Dimensions == 0 ? null : range, written, caller.User),
                    context.CancellationToken);
            }

            if (node.TryReplace(present, stamped))
            {
                return new ValueTask<StatusCode>(StatusCodes.Good);
            }
        }
    }

    private StatusCode Merge(VariableNode node, in NumericRange range, in Variant present, ref Variant value)
    {
        if (range.Dimensions > 0)
        {
            // Bytes may come as ByteString and as array of Byte.
            if (present is { IsArray: true, Type: BuiltInType.Byte }
                && value is { IsScalar: true, Reference: byte[] bytes })
            {
                value = Variant.Of(bytes);
            }

            var status = RangeSlicer.Assign(present, range, value, out var merged);
            if (status.IsBad)
            {
                return status;
            }

            value = merged;
        }

        return rules.Check(node.DataType, node.ValueRank, node.ArrayDimensions, ref value);
    }

    // The order matters to clients: what nobody may write is BadNotWritable, what this user may not
    // BadUserAccessDenied.
    private static StatusCode CheckAccess(VariableNode node, in DataValue written, in Caller caller)
    {
        var level = node.AccessLevel;
        if ((level & AccessLevelExType.CurrentWrite) == AccessLevelExType.None)
        {
            return StatusCodes.BadNotWritable;
        }

        var status = caller.Check(node, PermissionType.Write);
        if (status.IsBad)
        {
            return status;
        }

        var hasTime = written.SourceTimestamp != default || written.ServerTimestamp != default;
        return (written.Status.Value != 0 && (level & AccessLevelExType.StatusWrite) == AccessLevelExType.None)
            || (hasTime && (level & AccessLevelExType.TimestampWrite) == AccessLevelExType.None)
                ? StatusCodes.BadWriteNotSupported
                : StatusCodes.Good;
    }

    private static DataValue Stamped(in DataValue written, in Variant value, DateTime now) => new(value, written.Status,
        written.SourceTimestamp == default ? now : written.SourceTimestamp,
        written.ServerTimestamp == default ? now : written.ServerTimestamp)
    {
        SourcePicoseconds = written.SourcePicoseconds,
        ServerPicoseconds = written.ServerPicoseconds,
    };

    private static StatusCode WriteOther(Node? node, uint attributeId, in DataValue written, in Caller caller)
    {
        if (node is null)
        {
            return StatusCodes.BadNodeIdUnknown;
        }

        var present = AttributeReader.Read(node, attributeId, default, caller);
        if (present.Status.IsBad)
        {
            return present.Status;
        }

        var bit = attributeId switch
        {
            AttributeIds.DisplayName => AttributeWriteMask.DisplayName,
            AttributeIds.Description => AttributeWriteMask.Description,
            _ => AttributeWriteMask.None,
        };
        if ((node.WriteMask & bit) == AttributeWriteMask.None)
        {
            return StatusCodes.BadNotWritable;
        }

        var status = caller.Check(node, PermissionType.WriteAttribute);
        if (status.IsBad)
        {
            return status;
        }

        if (!written.Value.TryGet<LocalizedText>(out var text) || !written.Value.IsScalar)
        {
            return StatusCodes.BadTypeMismatch;
        }

        if (bit == AttributeWriteMask.DisplayName)
        {
            node.DisplayName = text;
        }
        else
        {
            node.Description = text;
        }

        return StatusCodes.Good;
    }
}
