using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Nodes;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>Write, OPC 10000-4 §5.11.4.</summary>
public class WriteTests
{
    [Fact]
    public async Task A_written_value_is_stored_with_the_time_of_the_request()
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Double, 0.0);

        Assert.True((await WriteAsync(f, "v", 2.5)).IsGood);

        var value = node.Get();
        Assert.Equal(2.5, value.Value.Get<double>());
        Assert.Equal(ServiceCaller.Now, value.SourceTimestamp);
    }

    public static TheoryData<uint, int, object?, bool> Fits => new()
    {
        { NodeIds.Double, -1, 1.0, true },
        { NodeIds.Double, -1, 1.0f, false },
        { NodeIds.Double, -1, new[] { 1.0 }, false },
        { NodeIds.Double, -1, null, false },
        { NodeIds.Double, 1, new[] { 1.0 }, true },
        { NodeIds.Double, 1, 1.0, false },
        { NodeIds.Double, 2, new[] { 1.0 }, false },
        { NodeIds.Double, -3, 1.0, true },
        { NodeIds.Double, -3, new[] { 1.0 }, true },
        { NodeIds.Double, -2, new[] { 1.0 }, true },
        { NodeIds.Double, 0, 1.0, false },
        { NodeIds.Duration, -1, 1.0, true },
        { NodeIds.UtcTime, -1, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), true },
        { NodeIds.Number, -1, 1L, true },
        { NodeIds.Number, -1, "1", false },
        { NodeIds.Integer, -1, 1u, false },
        { NodeIds.UInteger, -1, (byte)1, true },
        { NodeIds.ServerState, -1, 0, true },
        { NodeIds.ServerState, -1, 0u, false },
        { NodeIds.BaseDataType, -1, "x", true },
        { NodeIds.BaseDataType, -1, null, true },
        { NodeIds.String, -1, "x", true },
        { NodeIds.String, -1, null, true },
        { NodeIds.Byte, 1, new byte[] { 1 }, true },
        { NodeIds.SByte, 1, new sbyte[] { 1 }, true },
        { NodeIds.Byte, 1, new sbyte[] { 1 }, false },
    };

    [Theory]
    [MemberData(nameof(Fits))]
    public async Task Only_what_fits_type_and_rank_is_taken(uint type, int rank, object? value, bool fits)
    {
        using var f = new SpaceFixture();
        f.Variable("v", type, Variant.Null, rank);

        var status = await WriteAsync(f, "v", value is Array array ? Variant.Of(array) : ToVariant(value));

        Assert.Equal(new StatusCode(fits ? StatusCodes.Good : StatusCodes.BadTypeMismatch), status);
    }

    [Fact]
    public async Task Bytes_may_come_as_byte_string_or_array_and_are_kept_as_declared()
    {
        using var f = new SpaceFixture();
        var array = f.Variable("array", NodeIds.Byte, Variant.Of(new byte[] { 0 }), 1);
        var text = f.Variable("bytes", NodeIds.ByteString, new byte[] { 0 });

        Assert.True((await WriteAsync(f, "array", new byte[] { 1, 2 })).IsGood);
        Assert.True((await WriteAsync(f, "bytes", Variant.Of(new byte[] { 3 }))).IsGood);

        Assert.True(array.Get().Value is { IsArray: true, Type: BuiltInType.Byte });
        Assert.True(text.Get().Value is { IsScalar: true, Type: BuiltInType.ByteString });
    }

    [Fact]
    public async Task Structures_must_be_of_the_declared_type()
    {
        using var f = new SpaceFixture();
        f.Variable("range", NodeIds.Range, Variant.Null);
        f.Variable("any", NodeIds.Structure, Variant.Null);
        var range = Variant.Of(new EdgeTwin.OpcUa.Schema.Range { High = 1 });
        var unit = Variant.Of(new EUInformation());

        Assert.True((await WriteAsync(f, "range", range)).IsGood);
        Assert.Equal(StatusCodes.BadTypeMismatch, (await WriteAsync(f, "range", unit)).Value);
        Assert.True((await WriteAsync(f, "any", unit)).IsGood);
    }

    [Theory]
    [InlineData("1:2", true, "1,9,9,4")]
    [InlineData("0", false, null)]
    [InlineData("3:4", true, null)]
    [InlineData("1:2,0", true, null)]
    public async Task A_range_replaces_exactly_its_elements(string range, bool twoElements, string? expected)
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Int32, Variant.Of(new[] { 1, 2, 3, 4 }), 1);
        var before = node.Get().Value.Get<int[]>()!;

        var status =
            await WriteAsync(f, "v", twoElements ? Variant.Of(new[] { 9, 9 }) : Variant.Of(new[] { 9, 9, 9 }), range);

        Assert.Equal(expected is not null, status.IsGood);
        Assert.Equal(expected ?? "1,2,3,4", string.Join(',', node.Get().Value.Get<int[]>()!));
        Assert.Equal([1, 2, 3, 4], before);
    }

    [Fact]
    public async Task Ranges_of_matrices_and_strings_are_written_in_place()
    {
        using var f = new SpaceFixture();
        var matrix = f.Variable("m", NodeIds.Int32, Variant.Of(new Matrix(new[] { 1, 2, 3, 4, 5, 6 }, 2, 3)), 2);
        var text = f.Variable("t", NodeIds.String, "pressure");

        Assert.True((await WriteAsync(f, "m", Variant.Of(new Matrix(new[] { 8, 9 }, 2, 1)), "0:1,2")).IsGood);
        Assert.True((await WriteAsync(f, "t", "XY", "1:2")).IsGood);
        Assert.Equal(StatusCodes.BadIndexRangeDataMismatch, (await WriteAsync(f, "t", "XYZ", "1:2")).Value);

        Assert.Equal([1, 2, 8, 4, 5, 9], (int[])matrix.Get().Value.Elements!);
        Assert.Equal("pXYssure", text.Get().Value.Get<string>());
    }

    [Fact]
    public async Task What_nobody_may_write_differs_from_what_this_user_may_not()
    {
        using var f = new SpaceFixture();
        f.Variable("constant", NodeIds.Double, 0.0).AccessLevel = AccessLevelExType.CurrentRead;
        var node = f.Variable("setpoint", NodeIds.Double, 0.0);
        node.RolePermissions =
            [new() { RoleId = NodeIds.WellKnownRole_Operator,
                Permissions = PermissionType.Write | PermissionType.Browse }];

        Assert.Equal(StatusCodes.BadNotWritable, (await WriteAsync(f, "constant", 1.0)).Value);
        Assert.Equal(StatusCodes.BadUserAccessDenied, (await WriteAsync(f, "setpoint", 1.0)).Value);
        Assert.True((await WriteAsync(f, "setpoint", 1.0, caller: new ServiceCaller(Roles.Operator))).IsGood);
    }

    [Fact]
    public async Task Status_and_timestamps_are_taken_only_where_the_node_says_so()
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Double, 0.0);
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var value = new DataValue(1.0, StatusCodes.UncertainInitialValue, time);

        Assert.Equal(StatusCodes.BadWriteNotSupported, (await WriteAsync(f, "v", value)).Value);
        Assert.Equal(StatusCodes.BadWriteNotSupported,
            (await WriteAsync(f, "v", new DataValue(1.0, default, time))).Value);
        node.AccessLevel |= AccessLevelExType.StatusWrite | AccessLevelExType.TimestampWrite;
        Assert.True((await WriteAsync(f, "v", value)).IsGood);

        Assert.Equal((time, StatusCodes.UncertainInitialValue), (node.Get().SourceTimestamp, node.Get().Status.Value));
    }

    [Fact]
    public async Task Results_stay_in_order_when_some_come_from_devices_later()
    {
        using var f = new SpaceFixture();
        f.Variable("kept", NodeIds.Double, 0.0);
        var device = new Device();
        f.Variable("slow", NodeIds.Double, 0.0).Writer = device;
        f.Variable("wrong", NodeIds.Double, 0.0).Writer = device;
        var request =
            Request((f.Id("kept"), 1.0), (f.Id("slow"), 2.0), (f.Id("wrong"), "no number"), (f.Id("none"), 3.0));

        var answer = new ServiceCaller().CallAsync<WriteRequest,
            WriteResponse>(new WriteService(f.Space, f.Limits).Write, request);
        Assert.False(answer.IsCompleted);
        device.Answer.SetResult(StatusCodes.BadOutOfRange);

        Assert.Equal(
            [StatusCodes.Good, StatusCodes.BadOutOfRange, StatusCodes.BadTypeMismatch, StatusCodes.BadNodeIdUnknown],
            (await answer).Results.Select(static s => s.Value));
        var write = Assert.Single(device.Writes);
        Assert.Equal((2.0, "tester"), (write.Value.Value.Get<double>(), write.User.Name));
    }

    [Theory]
    [InlineData(AttributeIds.DisplayName, StatusCodes.Good)]
    [InlineData(AttributeIds.Description, StatusCodes.BadNotWritable)]
    [InlineData(AttributeIds.BrowseName, StatusCodes.BadNotWritable)]
    [InlineData(AttributeIds.Executable, StatusCodes.BadAttributeIdInvalid)]
    public async Task Other_attributes_are_written_where_the_write_mask_allows_it(uint attribute, uint status)
    {
        using var f = new SpaceFixture();
        var node = f.Variable("v", NodeIds.Double, 0.0);
        node.WriteMask = AttributeWriteMask.DisplayName;

        var result = await WriteAsync(f, "v", new LocalizedText("de", "Durchfluss"), attribute: attribute);

        Assert.Equal(new StatusCode(status), result);
        Assert.Equal(result.IsGood ? "Durchfluss" : "v", node.DisplayName.Text);
    }

    [Fact]
    public async Task No_and_too_many_writes_are_refused_as_a_whole()
    {
        using var f = new SpaceFixture(new() { MaxNodesPerWrite = 1 });
        var service = new WriteService(f.Space, f.Limits);

        await Failure.IsAsync(StatusCodes.BadNothingToDo, () =>
            new ServiceCaller().CallAsync<WriteRequest, WriteResponse>(service.Write, new WriteRequest()));
        await Failure.IsAsync(StatusCodes.BadTooManyOperations, () =>
            new ServiceCaller().CallAsync<WriteRequest, WriteResponse>(
                service.Write, Request((f.Id("a"), 1), (f.Id("b"), 2))));
    }

    private static WriteRequest Request(params (NodeId Node, Variant Value)[] writes) => new()
    {
        NodesToWrite = [.. writes.Select(static w => new WriteValue
            { NodeId = w.Node, AttributeId = AttributeIds.Value, Value = new DataValue(w.Value) })],
    };

    private static Variant ToVariant(object? value) => value switch
    {
        null => Variant.Null,
        double d => d,
        float d => d,
        long d => d,
        int d => d,
        uint d => d,
        byte d => d,
        string d => d,
        DateTime d => d,
        _ => throw new ArgumentException("no case", nameof(value)),
    };

    private static Task<StatusCode> WriteAsync(SpaceFixture f, string node, Variant value, string? range = null,
        uint attribute = AttributeIds.Value, ServiceCaller? caller = null) =>
        WriteAsync(f, node, new DataValue(value), range, attribute, caller);

    private static async Task<StatusCode> WriteAsync(SpaceFixture f, string node, DataValue value, string? range = null,
        uint attribute = AttributeIds.Value, ServiceCaller? caller = null)
    {
        var request = new WriteRequest
        {
            NodesToWrite = [new() { NodeId = f.Id(node), AttributeId = attribute, IndexRange = range, Value = value }],
        };
        var response = await (caller ?? new ServiceCaller()).CallAsync<WriteRequest, WriteResponse>(
            new WriteService(f.Space, f.Limits).Write, request);
        return Assert.Single(response.Results);
    }

    private sealed class Device : IVariableWriter
    {
        public TaskCompletionSource<StatusCode> Answer { get; } = new();

        public List<VariableWrite> Writes { get; } = [];

        public ValueTask<StatusCode> WriteAsync(VariableWrite write, CancellationToken cancellationToken)
        {
            Writes.Add(write);
            return new ValueTask<StatusCode>(Answer.Task);
        }
    }
}
