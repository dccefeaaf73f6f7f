using System.Runtime.CompilerServices;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Services;

/// <summary>HistoryRead of one node, page by page (OPC 10000-11 §6.5).</summary>
internal static class HistoryServices
{
    // A server that hands out empty pages for ever is not followed for ever.
    private const int MostEmptyPages = 100;

    public static async IAsyncEnumerable<DataValue[]> ReadAsync(ClientSession session, NodeId node,
        HistoryReadDetails details, TimestampsToReturn timestamps,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        byte[]? point = null;
        var emptyPages = 0;
        try
        {
            do
            {
                var result = await PageAsync(session, node, details, timestamps, point, release: false, cancellation);
                point = result.ContinuationPoint is { Length: > 0 } next ? next : null;
                if (result.StatusCode.IsBad)
                {
                    point = null;
                    throw new OpcUaException(result.StatusCode, $"the history of {node} cannot be read");
                }

                var values = (result.HistoryData?.Body as HistoryData)?.DataValues ?? [];
                emptyPages = values.Length == 0 ? emptyPages + 1 : 0;
                if (emptyPages == MostEmptyPages)
                    throw new OpcUaException(StatusCodes.BadUnknownResponse, $"the history of {node} has no end");
                if (values.Length > 0) yield return await session.Types.ResolveAsync(values, cancellation);
            }
            while (point is not null);
        }
        finally
        {
            // Whoever stops early gives the server its continuation point back.
            if (point is not null && !session.Closed.IsCompleted)
                await ReleaseAsync(session, node, details, timestamps, point, cancellation);
        }
    }

    private static async Task ReleaseAsync(ClientSession session, NodeId node, HistoryReadDetails details,
        TimestampsToReturn timestamps, byte[] point, CancellationToken cancellation)
    {
        try
        {
            await PageAsync(session, node, details, timestamps, point, release: true, cancellation);
        }
        catch (Exception e) when (e is OpcUaException or OperationCanceledException)
        {
            // The server frees it with the session at the latest; the reader has what it wanted.
        }
    }

    private static async Task<HistoryReadResult> PageAsync(ClientSession session, NodeId node,
        HistoryReadDetails details, TimestampsToReturn timestamps, byte[]? point, bool release,
        CancellationToken cancellation)
    {
        var response = await session.SendAsync<HistoryReadRequest, HistoryReadResponse>(
            new HistoryReadRequest
            {
                RequestHeader = session.Header(),
                HistoryReadDetails = new ExtensionObject(details),
                TimestampsToReturn = timestamps,
                ReleaseContinuationPoints = release,
                NodesToRead = [new HistoryReadValueId { NodeId = node, ContinuationPoint = point }],
            }, cancellation);
        if (release) return new HistoryReadResult();
        return response.Results is [var only]
            ? only
            : throw new OpcUaException(StatusCodes.BadUnknownResponse,
                $"{response.Results.Length} results for one node");
    }
}
