using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Nodes;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>Read, OPC 10000-4 §5.11.2.</summary>
public class ReadTests
{
    private static readonly DateTime Source = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly DateTime Server = new(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc);

    [Theory]
    [InlineData(TimestampsToReturn.Source, true, false)]
    [InlineData(TimestampsToReturn.Server, false, true)]
    [InlineData(TimestampsToReturn.Both, true, true)]
    [InlineData(TimestampsToReturn.Neither, false, false)]
    public async Task A_value_comes_with_exactly_the_timestamps_that_were_asked_for(
        TimestampsToReturn timestamps, bool source, bool server)
    {
        using var f = new SpaceFixture();
        f.Variable("v", NodeIds.Double, 0.0)
            .Set(new DataValue(1.5, StatusCodes.UncertainLastUsableValue, Source, Server));

        var value = await ReadAsync(f, f.Id("v"), timestamps: timestamps);

        Assert.Equal(1.5, value.Value.Get<double>());
        Assert.Equal(StatusCodes.UncertainLastUsableValue, value.Status.Value);
        Assert.Equal(source ? Source : default, value.SourceTimestamp);
        Assert.Equal(server ? Server : default, value.ServerTimestamp);
    }

    [Fact]
    public async Task Other_attributes_have_no_timestamps()
    {
        using var f = new SpaceFixture();
        f.Variable("v", NodeIds.Double, 0.0);

        var value = await ReadAsync(f, f.Id("v"), AttributeIds.DisplayName, timestamps: TimestampsToReturn.Both);

        Assert.Equal("v", value.Value.Get<LocalizedText>().Text);
        Assert.Equal((default, default), (value.SourceTimestamp, value.ServerTimestamp));
    }

    [Theory]
    [InlineData("nothing", AttributeIds.Value, null, null, StatusCodes.BadNodeIdUnknown)]
    [InlineData("v", 0u, null, null, StatusCodes.BadAttributeIdInvalid)]
    [InlineData("v", 99u, null, null, StatusCodes.BadAttributeIdInvalid)]
    [InlineData("v", AttributeIds.EventNotifier, null, null, StatusCodes.BadAttributeIdInvalid)]
    [InlineData("folder", AttributeIds.Value, null, null, StatusCodes.BadAttributeIdInvalid)]
    [InlineData("v", AttributeIds.Value, "1:", null, StatusCodes.BadIndexRangeInvalid)]
    [InlineData("v", AttributeIds.Value, "0", null, StatusCodes.BadIndexRangeNoData)]
    [InlineData("array", AttributeIds.Value, "5", null, StatusCodes.BadIndexRangeNoData)]
    [InlineData("array", AttributeIds.Value, "0,0", null, StatusCodes.BadIndexRangeNoData)]
    [InlineData("v", AttributeIds.Value, null, "Default XML", StatusCodes.BadDataEncodingUnsupported)]
    [InlineData("v", AttributeIds.Value, null, "Default Binary", StatusCodes.BadDataEncodingInvalid)]
    [InlineData("v", AttributeIds.Value, null, "Morse", StatusCodes.BadDataEncodingInvalid)]
    [InlineData("v", AttributeIds.DisplayName, null, "Default Binary", StatusCodes.BadDataEncodingInvalid)]
    [InlineData("hidden", AttributeIds.Value, null, null, StatusCodes.BadNotReadable)]
    public async Task What_cannot_be_read_says_why(string node, uint attribute, string? range, string? encoding,
        uint status)
    {
        using var f = new SpaceFixture();
        f.Folder("folder");
        f.Variable("v", NodeIds.Double, 0.0);
        f.Variable("array", NodeIds.Int32, Variant.Of(new[] { 1, 2, 3, 4, 5 }), 1);
        f.Variable("hidden", NodeIds.Double, 0.0).AccessLevel = AccessLevelExType.CurrentWrite;

        var value = await ReadAsync(f, f.Id(node), attribute, range, encoding);

        Assert.Equal(new StatusCode(status), value.Status);
        Assert.True(value.Value.IsNull);
    }

    [Fact]
    public async Task Structures_may_be_asked_for_in_binary_by_name()
    {
        using var f = new SpaceFixture();
        f.Variable("range", NodeIds.Range, Variant.Of(new EdgeTwin.OpcUa.Schema.Range { High = 5 }));

        var value = await ReadAsync(f, f.Id("range"), AttributeIds.Value, null, "Default Binary");

        Assert.Equal(5, value.Value.Get<ExtensionObject>()!.As<EdgeTwin.OpcUa.Schema.Range>()!.High);
    }

    [Theory]
    [InlineData("1:2", new[] { 2, 3 })]
    [InlineData("3:100", new[] { 4, 5 })]
    [InlineData("4", new[] { 5 })]
    public async Task A_range_of_an_array_may_end_beyond_it(string range, int[] expected)
    {
        using var f = new SpaceFixture();
        f.Variable("array", NodeIds.Int32, Variant.Of(new[] { 1, 2, 3, 4, 5 }), 1);

        Assert.Equal(expected, (await ReadAsync(f, f.Id("array"), range: range)).Value.Get<int[]>());
    }

    [Fact]
    public async Task Ranges_cut_matrices_strings_byte_strings_and_strings_in_arrays()
    {
        using var f = new SpaceFixture();
        f.Variable("matrix", NodeIds.Double, Variant.Of(new Matrix(new double[] { 1, 2, 3, 4, 5, 6 }, 2, 3)), 2);
        f.Variable("text", NodeIds.String, "pressure");
        f.Variable("bytes", NodeIds.ByteString, new byte[] { 1, 2, 3 });
        f.Variable("texts", NodeIds.String, Variant.Of(new[] { "abc", "d", "efg" }), 1);

        var matrix = (await ReadAsync(f, f.Id("matrix"), range: "0:1,1:2")).Value.Matrix!;
        Assert.Equal([2, 2], matrix.Dimensions);
        Assert.Equal([2.0, 3, 5, 6], (double[])matrix.Elements);
        Assert.Equal("res", (await ReadAsync(f, f.Id("text"), range: "1:3")).Value.Get<string>());
        Assert.Equal([2, 3], (await ReadAsync(f, f.Id("bytes"), range: "1:9")).Value.Get<byte[]>()!);
        var texts = (await ReadAsync(f, f.Id("texts"), range: "0:2,1:2")).Value.Get<string?[]>()!;
        Assert.True(texts.SequenceEqual(["bc", null, "fg"]));
    }

    [Fact]
    public async Task The_user_attributes_follow_from_the_roles()
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Double, 0.0);
        node.RolePermissions =
        [
            new() { RoleId = NodeIds.WellKnownRole_Anonymous,
                Permissions = PermissionType.Browse | PermissionType.Read },
            new() { RoleId = NodeIds.WellKnownRole_Operator, Permissions = PermissionType.Write },
        ];

        Assert.Equal(1, await LevelAsync(Roles.Anonymous));
        Assert.Equal(3, await LevelAsync(Roles.Anonymous | Roles.Operator));
        var denied = await ReadAsync(f, node.Id, caller: new ServiceCaller(Roles.Observer));
        Assert.Equal(StatusCodes.BadUserAccessDenied, denied.Status.Value);

        async Task<byte> LevelAsync(Roles roles) => (await ReadAsync(
            f, node.Id, AttributeIds.UserAccessLevel, caller: new ServiceCaller(roles))).Value.Get<byte>();
    }

    [Fact]
    public async Task A_node_that_needs_encryption_is_not_read_without()
    {
        using var f = new SpaceFixture();
        f.Variable("v", NodeIds.Double, 0.0).AccessRestrictions = AccessRestrictionType.EncryptionRequired;

        var clear = await ReadAsync(f, f.Id("v"), caller: new ServiceCaller(mode: MessageSecurityMode.Sign));
        var secret = await ReadAsync(f, f.Id("v"), caller: new ServiceCaller(mode: MessageSecurityMode.SignAndEncrypt));

        Assert.Equal(StatusCodes.BadSecurityModeInsufficient, clear.Status.Value);
        Assert.True(secret.Status.IsGood);
    }

    [Fact]
    public async Task Every_attribute_of_every_node_can_be_read_or_says_why_not()
    {
        using var f = new SpaceFixture();
        foreach (var node in f.Space.Nodes)
        {
            var request = new ReadRequest
            {
                NodesToRead = [.. Enumerable.Range(0, 29).Select(a =>
                    new ReadValueId { NodeId = node.Id, AttributeId = (uint)a })],
            };
            var response = await new ServiceCaller().CallAsync<ReadRequest, ReadResponse>(
                new AttributeService(f.Space, f.Limits).Read, request);
            Assert.Equal(29, response.Results.Length);
            Assert.All(response.Results, v => Assert.True(v.Status.IsGood || v.Status.Value
                is StatusCodes.BadAttributeIdInvalid or StatusCodes.BadUserAccessDenied
                or StatusCodes.BadSecurityModeInsufficient or StatusCodes.BadWaitingForInitialData,
                    $"{node}: {v.Status}"));
        }
    }

    [Fact]
    public async Task As_many_nodes_as_the_limit_says_are_read_and_not_one_more()
    {
        using var f = new SpaceFixture(new() { MaxNodesPerRead = 3 });
        var service = new AttributeService(f.Space, f.Limits);
        var one = new ReadValueId { NodeId = NodeIds.Server, AttributeId = AttributeIds.NodeId };

        var exactly = await new ServiceCaller().CallAsync<ReadRequest, ReadResponse>(
            service.Read, new ReadRequest { NodesToRead = [one, one, one] });

        Assert.Equal(3, exactly.Results.Length);
        await FailsAsync(service, StatusCodes.BadTooManyOperations,
            new ReadRequest { NodesToRead = [one, one, one, one] });
        await FailsAsync(service, StatusCodes.BadNothingToDo, new ReadRequest());
        await FailsAsync(service, StatusCodes.BadMaxAgeInvalid, new ReadRequest { MaxAge = -1, NodesToRead = [one] });
        await FailsAsync(service, StatusCodes.BadMaxAgeInvalid,
            new ReadRequest { MaxAge = double.NaN, NodesToRead = [one] });
        await FailsAsync(service, StatusCodes.BadTimestampsToReturnInvalid,
            new ReadRequest { TimestampsToReturn = (TimestampsToReturn)4, NodesToRead = [one] });
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1000)]
    public void A_count_without_its_nodes_is_refused_before_anything_is_done(int count)
    {
        using var f = new SpaceFixture();
        using var buffer = MessageBuffer.Rent(1000);
        var writer = new UaWriter(buffer);
        writer.WriteDouble(0);
        writer.WriteInt32(0);
        writer.WriteInt32(count);
        var bytes = buffer.Written.ToArray();

        Assert.Throws<OpcUaException>(() =>
            new ServiceCaller().Send(new AttributeService(f.Space, f.Limits).Read, bytes));
    }

    [Fact]
    public void Reading_stored_values_allocates_nothing()
    {
        using var f = new SpaceFixture();
        f.Variable("plant/line/pump/flow", NodeIds.Double, 1.0);
        using var request = MessageBuffer.Rent(100_000);
        var writer = new UaWriter(request);
        writer.WriteDouble(0);
        writer.WriteInt32((int)TimestampsToReturn.Both);
        writer.WriteInt32(100);
        for (var i = 0; i < 100; i++)
        {
            writer.WriteNodeId(f.Id("plant/line/pump/flow"));
            writer.WriteUInt32(AttributeIds.Value);
            writer.WriteString(null);
            writer.WriteQualifiedName(default);
        }

        var service = new AttributeService(f.Space, f.Limits);
        var context = new ServiceCaller().Context();
        using var response = MessageBuffer.Rent(100_000);
        Read();
        Assert.Equal(0, Allocation.Of(Read));

        void Read()
        {
            response.Reset();
            var answer = new UaWriter(response);
            var reader = new UaReader(request.Written, EncodingLimits.Default);
            Assert.Null(service.Read(ref reader, context, ref answer));
        }
    }

    private static Task FailsAsync(AttributeService service, uint status, ReadRequest request) => Failure.IsAsync(
        status, () => new ServiceCaller().CallAsync<ReadRequest, ReadResponse>(service.Read, request));

    private static async Task<DataValue> ReadAsync(SpaceFixture f, NodeId node, uint attribute = AttributeIds.Value,
        string? range = null, string? encoding = null, TimestampsToReturn timestamps = TimestampsToReturn.Both,
        ServiceCaller? caller = null)
    {
        var request = new ReadRequest
        {
            TimestampsToReturn = timestamps,
            NodesToRead =
                [new() { NodeId = node, AttributeId = attribute, IndexRange = range, DataEncoding = encoding }],
        };
        var response = await (caller ?? new ServiceCaller()).CallAsync<ReadRequest, ReadResponse>(
            new AttributeService(f.Space, f.Limits).Read, request);
        return Assert.Single(response.Results);
    }
}
