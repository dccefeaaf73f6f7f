using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Services;

/// <summary>Read, Write, Call, TranslateBrowsePaths and RegisterNodes in batches.</summary>
internal static class NodeServices
{
    public static Task<DataValue[]> ReadAsync(ClientSession session, IReadOnlyList<ReadValueId> nodes,
        TimestampsToReturn timestamps, double maxAge, CancellationToken cancellation) =>
        Batch.RunAsync(nodes, session.Limits.Read, async part => (await session.SendAsync<ReadRequest, ReadResponse>(
            new ReadRequest
            {
                RequestHeader = session.Header(),
                MaxAge = maxAge,
                TimestampsToReturn = timestamps,
                NodesToRead = part,
            }, cancellation)).Results);

    public static Task<StatusCode[]> WriteAsync(
        ClientSession session, IReadOnlyList<WriteValue> values, CancellationToken cancellation) =>
        Batch.RunAsync(values, session.Limits.Write,
            async part => (await session.SendAsync<WriteRequest, WriteResponse>(
                new WriteRequest { RequestHeader = session.Header(), NodesToWrite = part }, cancellation)).Results);

    public static Task<CallMethodResult[]> CallAsync(
        ClientSession session, IReadOnlyList<CallMethodRequest> calls, CancellationToken cancellation) =>
        Batch.RunAsync(calls, session.Limits.Call,
            async part => (await session.SendAsync<CallRequest, CallResponse>(
                new CallRequest { RequestHeader = session.Header(), MethodsToCall = part }, cancellation)).Results);

    public static Task<BrowsePathResult[]> TranslateAsync(
        ClientSession session, IReadOnlyList<BrowsePath> paths, CancellationToken cancellation) =>
        Batch.RunAsync(paths, session.Limits.Translate, async part =>
            (await session.SendAsync<TranslateBrowsePathsToNodeIdsRequest, TranslateBrowsePathsToNodeIdsResponse>(
                new TranslateBrowsePathsToNodeIdsRequest { RequestHeader = session.Header(), BrowsePaths = part },
                cancellation)).Results);

    public static Task<NodeId[]> RegisterAsync(
        ClientSession session, IReadOnlyList<NodeId> nodes, CancellationToken cancellation) =>
        Batch.RunAsync(nodes, session.Limits.Register,
            async part => (await session.SendAsync<RegisterNodesRequest, RegisterNodesResponse>(
                new RegisterNodesRequest { RequestHeader = session.Header(), NodesToRegister = part },
                cancellation)).RegisteredNodeIds);
}
