using EdgeTwin.Benchmarks.OpcUa;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Changed requests of every service over a real channel: each is answered, none with an internal error, and a
/// neighbour is served meanwhile. EDGETWIN_FUZZ multiplies the rounds (20 gives ten million in all).</summary>
[Collection(RealTime.Name)]
public sealed class ServiceFuzzTests
{
    private const int Rounds = 200_000;
    private const int Batch = 200;
    private const int Seed = 2026;

    /// <summary>By what the number of rounds of the fuzz tests is multiplied.</summary>
    internal static int Factor =>
        int.TryParse(Environment.GetEnvironmentVariable("EDGETWIN_FUZZ"), out var factor) ? factor : 1;

    [Fact]
    public async Task Changed_requests_are_answered_and_a_neighbour_is_served()
    {
        await using var server = new BenchServer(BenchServer.Options(0, null), 20, TimeSpan.FromMilliseconds(50),
            TimeProvider.System, NullLogger.Instance);
        await server.StartAsync();
        await using var neighbour = await LoadSession.OpenAsync(server.Url, null);
        var random = new Random(Seed);
        var session = await LoadSession.OpenAsync(server.Url, null);
        var refused = 0;
        for (var round = 0; round < Rounds * Factor; round += Batch)
        {
            // A changed request may have ended its session: that is its right.
            if (!await IsAliveAsync(session))
            {
                await session.Connection.DisposeAsync();
                session = await LoadSession.OpenAsync(server.Url, null);
            }

            var corpus = Corpus(session.Head());
            var answers = Enumerable.Range(0, Batch)
                .Select(_ => AskAsync(session, Mutate(random, corpus[random.Next(corpus.Length)]))).ToArray();
            foreach (var status in await Task.WhenAll(answers))
            {
                Assert.True(status != StatusCodes.BadInternalError, $"seed {Seed}, rounds {round}-{round + Batch}");
                if (status.IsBad) refused++;
            }

            Assert.True(await IsAliveAsync(neighbour), $"the neighbour, seed {Seed}, round {round}");
        }

        await session.Connection.DisposeAsync();
        Assert.InRange(refused, Rounds / 10, Rounds * Factor);
    }

    private static async Task<bool> IsAliveAsync(LoadSession session)
    {
        if (!session.Connection.IsOpen) return false;
        try
        {
            var answer = await session.SendAsync<ReadRequest, ReadResponse>(new ReadRequest
            {
                RequestHeader = session.Head(),
                NodesToRead = [Value(NodeIds.Server_ServerStatus_State)],
            });
            return answer.Results[0].Status.IsGood;
        }
        catch (OpcUaException)
        {
            return false;
        }
    }

    // The service's result; a publish that nobody answers in time is withdrawn.
    private static async Task<StatusCode> AskAsync(LoadSession session, byte[] message)
    {
        var request = session.Connection.RentBuffer();
        new UaWriter(request).WriteRaw(message);
        try
        {
            using var answer = await session.Connection.RequestAsync(request, TimeSpan.FromSeconds(20), default);
            return ResultOf(answer);
        }
        catch (OpcUaException e)
        {
            return e.Status;
        }
    }

    private static StatusCode ResultOf(ReceivedMessage answer)
    {
        var reader = new UaReader(answer.Body, EncodingLimits.Default);
        MessageBody.ReadTypeId(ref reader);
        return ResponseHeader.Decode(ref reader).ServiceResult;
    }

    // Mostly behind the header, so that the services themselves see it.
    private static byte[] Mutate(Random random, byte[] message)
    {
        var changed = message.ToArray();
        var first = random.Next(10) == 0 ? 0 : Math.Min(60, changed.Length - 1);
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            changed[random.Next(first, changed.Length)] = random.Next(3) == 0 ? (byte)255 : (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? changed[..random.Next(first, changed.Length)] : changed;
    }

    private static ReadValueId Value(NodeId id) => new() { NodeId = id, AttributeId = AttributeIds.Value };

    private static byte[][] Corpus(RequestHeader head) =>
    [
        Bytes(new ReadRequest { RequestHeader = head, NodesToRead = [Value(new NodeId(2, "Array")), Value(2256)] }),
        Bytes(new WriteRequest
        {
            RequestHeader = head,
            NodesToWrite =
            [
                new WriteValue { NodeId = new NodeId(2, "Matrix"), AttributeId = 13, Value = new DataValue(1.5) },
                new WriteValue { NodeId = new NodeId(2, "Double"), AttributeId = 13, Value = new DataValue(1.5) },
            ],
        }),
        Bytes(new BrowseRequest
        {
            RequestHeader = head,
            NodesToBrowse = [new BrowseDescription { NodeId = 84, ReferenceTypeId = 33, ResultMask = 63 }],
        }),
        Bytes(new TranslateBrowsePathsToNodeIdsRequest
        {
            RequestHeader = head,
            BrowsePaths = [new BrowsePath { StartingNode = 84, RelativePath = new RelativePath { Elements =
                [new RelativePathElement { IncludeSubtypes = true, TargetName = "Objects" }] } }],
        }),
        Bytes(new CallRequest
        {
            RequestHeader = head,
            MethodsToCall = [new CallMethodRequest { ObjectId = new NodeId(2, "Demo"), MethodId = new NodeId(2, "Add"),
                InputArguments = [1.0, 2.0] }],
        }),
        Bytes(new CreateMonitoredItemsRequest
        {
            RequestHeader = head,
            SubscriptionId = 1,
            ItemsToCreate = [new MonitoredItemCreateRequest { ItemToMonitor = Value(new NodeId(2, "v0")) }],
        }),
        Bytes(new HistoryReadRequest
        {
            RequestHeader = head,
            HistoryReadDetails = new ExtensionObject(new ReadRawModifiedDetails { NumValuesPerNode = 10 }),
            NodesToRead = [new HistoryReadValueId { NodeId = new NodeId(2, "v0") }],
        }),
        Bytes(new RegisterNodesRequest { RequestHeader = head, NodesToRegister = [new NodeId(2, "v0")] }),
        Bytes(new GetEndpointsRequest { RequestHeader = head, EndpointUrl = "opc.tcp://127.0.0.1" }),
    ];

    private static byte[] Bytes<T>(T request)
        where T : IStructure
    {
        using var buffer = MessageBuffer.Rent(100_000);
        MessageBody.Write(buffer, request);
        return buffer.Written.ToArray();
    }
}
