using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Services;

/// <summary>Browses breadth first, several requests at a time. Each node is entered once, so loops have an
/// end.</summary>
internal sealed class BrowseCrawler
{
    private const int Parallel = 4;

    private readonly BrowseOptions options;
    private readonly Browser browser;
    private readonly int batchSize;
    private readonly int parallel;
    private readonly Queue<(NodeId Node, int Depth)> frontier = new();
    private readonly HashSet<ExpandedNodeId> seen = [];
    private readonly List<BrowsedNode> found = [];
    private readonly List<(NodeId Node, StatusCode Status)> failures = [];
    private bool truncated;

    public BrowseCrawler(ClientSession session, BrowseOptions options)
    {
        this.options = options;
        browser = new Browser(session, options);

        // Each node may need a continuation point of its own: never ask for more than the server keeps.
        var points = session.Limits.BrowseContinuationPoints;
        batchSize = Math.Min(session.Limits.Browse, points);
        parallel = Math.Clamp(points / batchSize, 1, Parallel);
    }

    public async Task<BrowseOutcome> RunAsync(IReadOnlyList<NodeId> starts, CancellationToken cancellation)
    {
        foreach (var start in starts)
        {
            if (seen.Add(start)) frontier.Enqueue((start, 0));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task<Answer>>(parallel);
        try
        {
            while (running.Count > 0 || (frontier.Count > 0 && !truncated))
            {
                while (running.Count < parallel && frontier.Count > 0 && !truncated)
                    running.Add(AskAsync(TakeBatch(), stop.Token));
                var first = await Task.WhenAny(running);
                running.Remove(first);
                await TakeAsync(await first, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return new BrowseOutcome(found, truncated, failures);
    }

    private async Task<Answer> AskAsync((NodeId Node, int Depth)[] batch, CancellationToken cancellation) =>
        new(batch, await browser.BrowseAsync(Array.ConvertAll(batch, static b => b.Node), cancellation));

    private async Task TakeAsync(Answer answer, CancellationToken cancellation)
    {
        for (var i = 0; i < answer.Batch.Length; i++)
        {
            var (node, depth) = answer.Batch[i];
            var result = answer.Results[i];
            if (result.StatusCode == StatusCodes.BadNoContinuationPoints)
            {
                // Others hold the server's continuation points; alone, a node needs at most one.
                result = (await browser.BrowseAsync([node], cancellation))[0];
            }

            if (result.StatusCode.IsBad) failures.Add((node, result.StatusCode));
            foreach (var reference in result.References) Take(node, depth + 1, reference);
        }
    }

    private void Take(NodeId parent, int depth, ReferenceDescription reference)
    {
        if (truncated) return;
        var isRepeat = !seen.Add(reference.NodeId);
        if (isRepeat && !options.IncludeRepeats) return;
        var node = new BrowsedNode(reference.NodeId, parent, reference.ReferenceTypeId, reference.BrowseName,
            reference.DisplayName, reference.NodeClass, reference.TypeDefinition, depth)
        {
            IsRepeat = isRepeat,
        };
        if (options.Include?.Invoke(node) != false)
        {
            truncated = found.Count == options.MaxNodes;
            if (truncated) return;
            found.Add(node);
        }

        if (!isRepeat && depth < options.MaxDepth && node.NodeId.IsLocal && options.Descend?.Invoke(node) != false)
            frontier.Enqueue((node.NodeId.NodeId, depth));
    }

    private (NodeId Node, int Depth)[] TakeBatch()
    {
        var batch = new (NodeId, int)[Math.Min(batchSize, frontier.Count)];
        for (var i = 0; i < batch.Length; i++) batch[i] = frontier.Dequeue();
        return batch;
    }

    private sealed record Answer((NodeId Node, int Depth)[] Batch, BrowseResult[] Results);
}
