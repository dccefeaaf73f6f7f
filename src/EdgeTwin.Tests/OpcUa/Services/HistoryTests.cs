using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Nodes;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>HistoryRead and HistoryUpdate, OPC 10000-4 §5.11.3 and §5.11.5.</summary>
public class HistoryTests
{
    private static readonly ExtensionObject Raw = new(new ReadRawModifiedDetails());

    [Fact]
    public async Task Without_history_each_node_says_so()
    {
        using var f = new SpaceFixture();
        f.Variable("v", NodeIds.Double, 0.0);
        var service = new HistoryService(f.Space, f.Limits, null);

        var response = await ReadAsync(service, new ServiceCaller(), Raw, f.Id("v"), f.Id("none"));

        Assert.Equal([StatusCodes.BadHistoryOperationUnsupported, StatusCodes.BadNodeIdUnknown],
            response.Results.Select(static r => r.StatusCode.Value));
    }

    [Fact]
    public async Task A_request_that_makes_no_sense_is_refused_as_a_whole()
    {
        using var f = new SpaceFixture();
        var service = new HistoryService(f.Space, f.Limits, null);
        var node = new HistoryReadValueId { NodeId = NodeIds.Server };

        await FailsAsync(StatusCodes.BadNothingToDo, new HistoryReadRequest { HistoryReadDetails = Raw });
        await FailsAsync(StatusCodes.BadHistoryOperationInvalid, new HistoryReadRequest { NodesToRead = [node] });
        await FailsAsync(StatusCodes.BadTimestampsToReturnInvalid, new HistoryReadRequest
        { HistoryReadDetails = Raw, NodesToRead = [node], TimestampsToReturn = TimestampsToReturn.Neither });

        Task FailsAsync(uint status, HistoryReadRequest request) => Failure.IsAsync(
            status, () => service.ReadAsync(request, new ServiceCaller().Context()).AsTask());
    }

    // open62541 accepted another session's: wire notes §5.
    [Fact]
    public async Task A_continuation_point_is_good_for_its_session_and_its_node_only()
    {
        using var f = new SpaceFixture();
        foreach (var name in new[] { "a", "b" })
        {
            f.Variable(name, NodeIds.Double, 0.0).AccessLevel |= AccessLevelExType.HistoryRead;
        }

        var service = new HistoryService(f.Space, f.Limits, new Recorder());
        var caller = new ServiceCaller();
        var first = (await ReadAsync(service, caller, Raw, f.Id("a"))).Results[0].ContinuationPoint!;
        var second = (await ReadAsync(service, caller, Raw, f.Id("a"))).Results[0].ContinuationPoint!;

        Assert.Equal(StatusCodes.BadContinuationPointInvalid, await NextAsync(new ServiceCaller(), "a", first));
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, await NextAsync(caller, "b", second));
        Assert.Equal(StatusCodes.Good, await NextAsync(caller, "a", first));
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, await NextAsync(caller, "a", first));

        async Task<uint> NextAsync(ServiceCaller who, string node, byte[] point)
        {
            var request = new HistoryReadRequest
            {
                HistoryReadDetails = Raw,
                NodesToRead = [new() { NodeId = f.Id(node), ContinuationPoint = point }],
            };
            var response = (HistoryReadResponse)await service.ReadAsync(request, who.Context());
            return response.Results[0].StatusCode.Value;
        }
    }

    [Fact]
    public async Task Updates_are_refused_honestly()
    {
        using var f = new SpaceFixture();
        f.Variable("v", NodeIds.Double, 0.0);
        var request = new HistoryUpdateRequest
        {
            HistoryUpdateDetails =
            [
                new(new UpdateDataDetails { NodeId = f.Id("v") }),
                new(new DeleteAtTimeDetails { NodeId = f.Id("none") }),
                null,
            ],
        };

        var response = (HistoryUpdateResponse)await new HistoryService(f.Space, f.Limits, null)
            .UpdateAsync(request, new ServiceCaller().Context());

        Assert.Equal(
            [StatusCodes.BadHistoryOperationUnsupported, StatusCodes.BadNodeIdUnknown,
                StatusCodes.BadHistoryOperationInvalid],
            response.Results.Select(static r => r.StatusCode.Value));
    }

    private static async Task<HistoryReadResponse> ReadAsync(
        HistoryService service, ServiceCaller caller, ExtensionObject details, params NodeId[] nodes)
    {
        var request = new HistoryReadRequest
        {
            HistoryReadDetails = details,
            NodesToRead = [.. nodes.Select(static n => new HistoryReadValueId { NodeId = n })],
        };
        return (HistoryReadResponse)await service.ReadAsync(request, caller.Context());
    }

    /// <summary>Has one more page after the first.</summary>
    private sealed class Recorder : IHistoryProvider
    {
        public ValueTask<(HistoryReadResult Result, object? Continuation)> ReadAsync(Node node,
            HistoryReadDetails details,
            HistoryReadValueId nodeToRead, object? continuation, TimestampsToReturn timestamps,
            CancellationToken cancellationToken) =>
                new((new HistoryReadResult(), continuation is null ? "page 2" : null));

        public ValueTask<HistoryUpdateResult> UpdateAsync(
            HistoryUpdateDetails details, CancellationToken cancellationToken) => new(new HistoryUpdateResult());
    }
}
