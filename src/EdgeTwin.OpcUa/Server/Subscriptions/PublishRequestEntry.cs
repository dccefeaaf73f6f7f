using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>A Publish request that waits for something to report.</summary>
/// <param name="Connection">Where the answer goes.</param>
/// <param name="RequestId">Ties the answer to the request.</param>
/// <param name="RequestHandle">The client's handle.</param>
/// <param name="Results">What became of the acknowledgements that came with it.</param>
/// <param name="Deadline">Monotonic ticks when the client waits no longer; <see cref="long.MaxValue"/> for
/// never.</param>
internal readonly record struct PublishRequestEntry(
    IServerConnection Connection, uint RequestId, uint RequestHandle, StatusCode[] Results, long Deadline);
