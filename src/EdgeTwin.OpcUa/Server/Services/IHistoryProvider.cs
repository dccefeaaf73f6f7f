using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Where the history of variables and events comes from. The server checked node, right and details
/// before.</summary>
public interface IHistoryProvider
{
    /// <summary>Reads the history of one node.</summary>
    /// <param name="node">A variable, or an object with events.</param>
    /// <param name="details">What is asked: raw, modified, processed, at times, events.</param>
    /// <param name="nodeToRead">Index range and encoding of the node.</param>
    /// <param name="continuation">Where the last call of this session stopped, as it was given back; null at the
    /// start.</param>
    /// <param name="timestamps">The timestamps of the values that are returned.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>The data, and where it goes on: null when it is complete.</returns>
    ValueTask<(HistoryReadResult Result, object? Continuation)> ReadAsync(Node node, HistoryReadDetails details,
        HistoryReadValueId nodeToRead, object? continuation, TimestampsToReturn timestamps,
        CancellationToken cancellationToken);

    /// <summary>Changes the history of one node.</summary>
    /// <param name="details">What is changed and where.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    ValueTask<HistoryUpdateResult> UpdateAsync(HistoryUpdateDetails details, CancellationToken cancellationToken);
}
