using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Nodes;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>Call, OPC 10000-4 §5.12.2.</summary>
public class CallTests
{
    [Fact]
    public async Task A_method_gets_its_arguments_and_answers()
    {
        using var f = new SpaceFixture();
        Machine(f);

        var result = await CallAsync(f, f.Id("machine"), f.Id("add"), 1.5, 2.0);

        Assert.True(result.StatusCode.IsGood);
        Assert.Equal(3.5, Assert.Single(result.OutputArguments).Get<double>());
    }

    [Fact]
    public async Task Wrong_arguments_are_named_one_by_one()
    {
        using var f = new SpaceFixture();
        Machine(f);
        var (machine, add) = (f.Id("machine"), f.Id("add"));

        Assert.Equal(StatusCodes.BadArgumentsMissing, (await CallAsync(f, machine, add, 1.0)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadTooManyArguments,
            (await CallAsync(f, machine, add, 1.0, 2.0, 3.0)).StatusCode.Value);
        var wrong = await CallAsync(f, machine, add, 1.0, "two");
        Assert.Equal(StatusCodes.BadInvalidArgument, wrong.StatusCode.Value);
        Assert.Equal([StatusCodes.Good, StatusCodes.BadTypeMismatch],
            wrong.InputArgumentResults.Select(static s => s.Value));
        Assert.Empty(wrong.OutputArguments);
    }

    [Fact]
    public async Task A_method_is_called_only_on_an_object_that_has_it()
    {
        using var f = new SpaceFixture();
        var method = Machine(f);

        Assert.Equal(StatusCodes.BadNodeIdUnknown, (await CallAsync(f, f.Id("none"), method.Id)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMethodInvalid, (await CallAsync(f, NodeIds.Server, method.Id)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMethodInvalid,
            (await CallAsync(f, f.Id("machine"), NodeIds.Server)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMethodInvalid, (await CallAsync(f, method.Id, method.Id)).StatusCode.Value);
        method.Handler = null;
        Assert.Equal(StatusCodes.BadNotImplemented, (await CallAsync(f, f.Id("machine"), method.Id)).StatusCode.Value);
        method.Executable = false;
        Assert.Equal(StatusCodes.BadNotExecutable, (await CallAsync(f, f.Id("machine"), method.Id)).StatusCode.Value);
        method.Executable = true;
        method.RolePermissions = [new() { RoleId = NodeIds.WellKnownRole_Operator, Permissions = PermissionType.Call }];
        Assert.Equal(StatusCodes.BadUserAccessDenied,
            (await CallAsync(f, f.Id("machine"), method.Id)).StatusCode.Value);
    }

    [Fact]
    public async Task A_method_of_the_type_is_called_on_its_instance_under_either_id()
    {
        using var f = new SpaceFixture();
        var file = f.Space.Instantiate(
            NodeIds.FileType, NodeIds.ObjectsFolder, NodeIds.HasComponent, f.Id("file"),
                new QualifiedName(f.Own, "file"));
        var open = (MethodNode)f.Space.Resolve(NodeIds.FileType, "Open")!;
        Node? on = null;
        open.Handler = (call, _) =>
        {
            on = call.Object;
            return new ValueTask<CallResult>(CallResult.Good(7u));
        };

        var result = await CallAsync(f, file.Id, open.Id, (byte)1);

        Assert.Equal(7u, Assert.Single(result.OutputArguments).Get<uint>());
        Assert.Same(file, on);
    }

    [Fact]
    public async Task A_failing_method_fails_its_own_call_only()
    {
        using var f = new SpaceFixture();
        var method = Machine(f);
        method.Handler = static (call, _) => call.Arguments[0].Get<double>() < 0
            ? throw new OpcUaException(StatusCodes.BadOutOfRange, "negative")
            : new ValueTask<CallResult>(CallResult.Good());
        var bad =
            new CallMethodRequest { ObjectId = f.Id("machine"), MethodId = method.Id, InputArguments = [-1.0, 0.0] };
        var good =
            new CallMethodRequest { ObjectId = f.Id("machine"), MethodId = method.Id, InputArguments = [1.0, 0.0] };

        var response = (CallResponse)await new MethodService(f.Space, f.Limits).CallAsync(
            new CallRequest { MethodsToCall = [bad, good] }, new ServiceCaller().Context());

        Assert.Equal([StatusCodes.BadOutOfRange, StatusCodes.Good],
            response.Results.Select(static r => r.StatusCode.Value));
    }

    private static MethodNode Machine(SpaceFixture f)
    {
        var machine = f.Folder("machine");
        var method = f.Space.Add(new MethodNode(f.Id("add"), "Add"), machine.Id, NodeIds.HasComponent);
        var inputs = f.Space.Add(new VariableNode(f.Id("add/in"), "InputArguments"), method.Id, NodeIds.HasProperty);
        inputs.Set(new DataValue(Variant.OfStructures<Argument>(
        [
            new() { Name = "a", DataType = NodeIds.Double, ValueRank = -1 },
            new() { Name = "b", DataType = NodeIds.Double, ValueRank = -1 },
        ])));
        method.Handler = static async (call, _) =>
        {
            await Task.Yield();
            return CallResult.Good(call.Arguments[0].Get<double>() + call.Arguments[1].Get<double>());
        };
        return method;
    }

    private static async Task<CallMethodResult> CallAsync(
        SpaceFixture f, NodeId target, NodeId method, params Variant[] arguments)
    {
        var call = new CallMethodRequest { ObjectId = target, MethodId = method, InputArguments = arguments };
        var response = (CallResponse)await new MethodService(f.Space, f.Limits).CallAsync(
            new CallRequest { MethodsToCall = [call] }, new ServiceCaller().Context());
        return Assert.Single(response.Results);
    }
}
