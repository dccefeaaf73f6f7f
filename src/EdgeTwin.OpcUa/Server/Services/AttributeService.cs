using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Read (OPC 10000-4 §5.11.2): each value goes from the node to the response as soon as it is named.</summary>
internal sealed class AttributeService(AddressSpace space, ServerLimits limits)
{
    private const int LeastReadValueId = 2 + 4 + 4 + 2 + 4;

    public void Register(ServiceTable table)
    {
        table.AddInline(ReadRequest.EncodingId, ReadResponse.EncodingId, "Read", Read);
        var writes = new WriteService(space, limits);
        table.AddInline(WriteRequest.EncodingId, WriteResponse.EncodingId, "Write", writes.Write);
    }

    public Task<IServiceResponse>? Read(ref UaReader request, RequestContext context, ref UaWriter response)
    {
        // NaN is no age either.
        if (!(request.ReadDouble() >= 0))
        {
            throw new OpcUaException(StatusCodes.BadMaxAgeInvalid, "the greatest age is negative");
        }

        var timestamps = (TimestampsToReturn)request.ReadInt32();
        if (timestamps is < TimestampsToReturn.Source or > TimestampsToReturn.Neither)
        {
            throw new OpcUaException(StatusCodes.BadTimestampsToReturnInvalid, $"timestamps {(int)timestamps}");
        }

        var count = RequestLimits.ReadCount(ref request, LeastReadValueId, limits.MaxNodesPerRead);
        var caller = Caller.Of(context);
        response.WriteInt32(count);
        for (var i = 0; i < count; i++)
        {
            ReadOne(ref request, context, caller, timestamps, response);
        }

        response.WriteInt32(0);
#pragma warning disable MA0022 // no task is what InlineHandler returns when the response is written
        return null;
#pragma warning restore MA0022
    }

    private void ReadOne(ref UaReader request, RequestContext context, in Caller caller, TimestampsToReturn timestamps,
        in UaWriter response)
    {
        var node = space.ReadNode(ref request);
        var attributeId = request.ReadUInt32();
        var range = request.ReadBytesInPlace();
        var encodingNamespace = request.ReadUInt16();
        var encoding = request.ReadBytesInPlace();
        if (node is VariableNode variable && attributeId == AttributeIds.Value && range.IsEmpty && encoding.IsEmpty)
        {
            var allowed = AttributeReader.CheckRead(variable, caller);
            response.WriteDataValue(allowed.IsBad
                ? new DataValue(allowed)
                : WithTimestamps(variable.Get(), timestamps, context.UtcNow));
            return;
        }

        var value = ReadOther(node, attributeId, range, encodingNamespace, encoding, caller);
        response.WriteDataValue(attributeId == AttributeIds.Value && node is VariableNode && !value.Value.IsNull
            ? WithTimestamps(value, timestamps, context.UtcNow)
            : value);
    }

    private static DataValue ReadOther(Node? node, uint attributeId, ReadOnlySpan<byte> rangeText,
        ushort encodingNamespace, ReadOnlySpan<byte> encoding, in Caller caller)
    {
        if (node is null)
        {
            return new DataValue(StatusCodes.BadNodeIdUnknown);
        }

        var range = default(NumericRange);
        if (!rangeText.IsEmpty
            && !NumericRange.TryParse(System.Text.Encoding.UTF8.GetString(rangeText), out range))
        {
            return new DataValue(StatusCodes.BadIndexRangeInvalid);
        }

        var status = DataEncoding.Check(encodingNamespace, encoding, attributeId);
        if (status.IsBad)
        {
            return new DataValue(status);
        }

        var value = AttributeReader.Read(node, attributeId, range, caller);
        // A named encoding is for structures only (§5.11.2.2).
        return !encoding.IsEmpty && !value.Status.IsBad && value.Value.Type != BuiltInType.ExtensionObject
            ? new DataValue(StatusCodes.BadDataEncodingInvalid)
            : value;
    }

    /// <summary>The value with exactly the timestamps that were asked for (OPC 10000-4 §7.40).</summary>
    internal static DataValue WithTimestamps(in DataValue value, TimestampsToReturn timestamps, DateTime now)
    {
        var source = timestamps is TimestampsToReturn.Source or TimestampsToReturn.Both;
        var server = timestamps is TimestampsToReturn.Server or TimestampsToReturn.Both;
        var serverTime = value.ServerTimestamp == default ? now : value.ServerTimestamp;
        return new DataValue(value.Value, value.Status, source ? value.SourceTimestamp : default,
            server ? serverTime : default)
        {
            SourcePicoseconds = source ? value.SourcePicoseconds : (ushort)0,
            ServerPicoseconds = server ? value.ServerPicoseconds : (ushort)0,
        };
    }
}
