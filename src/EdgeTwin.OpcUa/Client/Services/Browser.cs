using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Services;

/// <summary>Browse and BrowseNext for one batch of nodes: all their references, continuation points
/// included.</summary>
internal sealed class Browser(ClientSession session, BrowseOptions options)
{
    // A page that fits any message limit, and few pages for a large folder.
    private const uint ReferencesPerPage = 5000;

    // ReferenceType, IsForward, NodeClass, BrowseName, DisplayName, TypeDefinition (OPC 10000-4 §5.9.2.2).
    private const uint AllFields = 0x3F;

    // A server that hands out empty pages for ever is not followed for ever.
    private const int MostPages = 100_000;

    /// <returns>References of each node, or its failure.</returns>
    public async Task<BrowseResult[]> BrowseAsync(NodeId[] nodes, CancellationToken cancellation)
    {
        var results = await Batch.RunAsync(nodes, session.Limits.Browse, part => BrowsePartAsync(part, cancellation));
        return results;
    }

    private async Task<BrowseResult[]> BrowsePartAsync(NodeId[] nodes, CancellationToken cancellation)
    {
        var response = await session.SendAsync<BrowseRequest, BrowseResponse>(
            new BrowseRequest
            {
                RequestHeader = session.Header(),
                RequestedMaxReferencesPerNode = ReferencesPerPage,
                NodesToBrowse = Array.ConvertAll(nodes, Describe),
            }, cancellation);
        var results = response.Results;
        var pages = new Dictionary<int, List<ReferenceDescription>>();
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].ContinuationPoint is { Length: > 0 }) pages[i] = [.. results[i].References];
        }

        for (var page = 0; pages.Count > 0; page++)
        {
            if (page == MostPages)
                throw new OpcUaException(StatusCodes.BadUnknownResponse, "browsing a node has no end");
            await NextAsync(results, pages, cancellation);
        }

        return results;
    }

    private async Task NextAsync(
        BrowseResult[] results, Dictionary<int, List<ReferenceDescription>> pages, CancellationToken cancellation)
    {
        var open = pages.Keys.ToArray();
        var response = await session.SendAsync<BrowseNextRequest, BrowseNextResponse>(
            new BrowseNextRequest
            {
                RequestHeader = session.Header(),
                ContinuationPoints = Array.ConvertAll(open, i => results[i].ContinuationPoint),
            }, cancellation);
        if (response.Results.Length != open.Length)
        {
            throw new OpcUaException(StatusCodes.BadUnknownResponse,
                $"{response.Results.Length} results for {open.Length} continuation points");
        }

        for (var k = 0; k < open.Length; k++)
        {
            var next = response.Results[k];
            var sofar = pages[open[k]];
            sofar.AddRange(next.References);
            var more = next.StatusCode.IsGood && next.ContinuationPoint is { Length: > 0 };
            results[open[k]] = new BrowseResult
            {
                StatusCode = next.StatusCode,
                ContinuationPoint = next.ContinuationPoint,
                References = more ? [] : [.. sofar],
            };
            if (!more) pages.Remove(open[k]);
        }
    }

    private BrowseDescription Describe(NodeId node) => new()
    {
        NodeId = node,
        BrowseDirection = options.Direction,
        ReferenceTypeId = options.ReferenceType,
        IncludeSubtypes = options.IncludeSubtypes,
        ResultMask = AllFields,
    };
}
