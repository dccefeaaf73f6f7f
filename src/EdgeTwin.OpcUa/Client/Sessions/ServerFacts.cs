using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>What a session asks the server first: its namespaces and its limits.</summary>
internal static class ServerFacts
{
    private static readonly uint[] Asked =
    [
        NodeIds.Server_NamespaceArray, 11705, 11707, 11709, 11710, 11711, 11712, 11714, 12165, 2735,
    ];

    public static async Task<(NamespaceTable Namespaces, OperationLimits Limits)> ReadAsync(
        ClientSession session, CancellationToken cancellation)
    {
        var values = await ReadTogetherAsync(session, cancellation);
        var usual = new OperationLimits();
        return (
            new NamespaceTable(values[0].Value.Get<string?[]>() ?? []),
            new OperationLimits
            {
                Read = Limit(values[1], usual.Read),
                Write = Limit(values[2], usual.Write),
                Call = Limit(values[3], usual.Call),
                Browse = Limit(values[4], usual.Browse),
                Register = Limit(values[5], usual.Register),
                Translate = Limit(values[6], usual.Translate),
                MonitoredItems = Limit(values[7], usual.MonitoredItems),
                HistoryRead = Limit(values[8], usual.HistoryRead),
                BrowseContinuationPoints = Limit(values[9], usual.BrowseContinuationPoints),
            });
    }

    public static async Task<NamespaceTable> ReadNamespacesAsync(ClientSession session, CancellationToken cancellation)
    {
        var values = await ReadAsync(session, Asked[..1], cancellation);
        return new NamespaceTable(values[0].Value.Get<string?[]>() ?? []);
    }

    private static async Task<DataValue[]> ReadTogetherAsync(ClientSession session, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(session, Asked, cancellation);
        }
        catch (OpcUaException e) when (e.Status == StatusCodes.BadTooManyOperations)
        {
            // The limit of reads is itself among what is read; a server this small gets one question at a time.
            var values = new DataValue[Asked.Length];
            for (var i = 0; i < Asked.Length; i++)
                values[i] = (await ReadAsync(session, [Asked[i]], cancellation))[0];
            return values;
        }
    }

    private static async Task<DataValue[]> ReadAsync(
        ClientSession session, uint[] nodes, CancellationToken cancellation)
    {
        var response = await session.SendAsync<ReadRequest, ReadResponse>(
            new ReadRequest
            {
                RequestHeader = session.Header(),
                TimestampsToReturn = TimestampsToReturn.Neither,
                NodesToRead = Array.ConvertAll(nodes, static n => new ReadValueId
                {
                    NodeId = n,
                    AttributeId = AttributeIds.Value,
                }),
            }, cancellation);
        return response.Results.Length == nodes.Length
            ? response.Results
            : throw new OpcUaException(StatusCodes.BadUnknownResponse,
                $"{response.Results.Length} results for {nodes.Length} nodes");
    }

    // UInt32 or, for continuation points, UInt16; 0 is "no limit", and a node that is not there says nothing.
    private static int Limit(DataValue value, int usual) =>
        value.Status.IsGood && value.Value.TryToDouble(out var limit) && limit >= 1
            ? (int)Math.Min(limit, usual)
            : usual;
}
