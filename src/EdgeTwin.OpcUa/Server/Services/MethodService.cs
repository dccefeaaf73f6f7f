using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Call (OPC 10000-4 §5.12.2): checks object, method, right and arguments, then lets the handler work. Calls
/// of one request are carried out one after the other, in order.</summary>
internal sealed class MethodService(AddressSpace space, ServerLimits limits)
{
    private readonly DataTypeRules rules = new(space);

    public void Register(ServiceTable table) => table.Add<CallRequest>(CallRequest.EncodingId, "Call", CallAsync);

    public ValueTask<IServiceResponse> CallAsync(CallRequest request, RequestContext context)
    {
        RequestLimits.Check(request.MethodsToCall.Length, limits.MaxNodesPerMethodCall);
        return CallAllAsync(request.MethodsToCall, context);
    }

    private async ValueTask<IServiceResponse> CallAllAsync(CallMethodRequest[] calls, RequestContext context)
    {
        var results = new CallMethodResult[calls.Length];
        for (var i = 0; i < calls.Length; i++)
        {
            results[i] = await CallOneAsync(calls[i], context);
        }

        return new CallResponse { Results = results };
    }

    private async ValueTask<CallMethodResult> CallOneAsync(CallMethodRequest request, RequestContext context)
    {
        var status = Find(request, Caller.Of(context), out var target, out var method, out var handler);
        if (status.IsBad)
        {
            return new CallMethodResult { StatusCode = status };
        }

        var arguments = request.InputArguments.ToArray();
        status = CheckArguments(method!, arguments, out var argumentResults);
        if (status.IsBad)
        {
            return new CallMethodResult { StatusCode = status, InputArgumentResults = argumentResults };
        }

        try
        {
            var call = new MethodCall(target!, method!, arguments, context.User) { Context = context };
            var result = await handler!(call, context.CancellationToken);
            return new CallMethodResult
            {
                StatusCode = result.Status,
                InputArgumentResults = result.ArgumentResults,
                OutputArguments = result.Status.IsBad ? [] : result.Outputs,
            };
        }
        catch (OpcUaException e)
        {
            return new CallMethodResult { StatusCode = e.Status };
        }
        catch (OperationCanceledException)
        {
            return new CallMethodResult { StatusCode = StatusCodes.BadTimeout };
        }
    }

    private StatusCode Find(CallMethodRequest request, in Caller caller, out Node? target, out MethodNode? method,
        out MethodHandler? handler)
    {
        method = null;
        handler = null;
        target = space.Find(request.ObjectId);
        if (target is null || !caller.MayBrowse(target))
        {
            return StatusCodes.BadNodeIdUnknown;
        }

        if (target is not (ObjectNode or ObjectTypeNode)
            || !TryFindMethod(target, request.MethodId, out method, out handler))
        {
            return StatusCodes.BadMethodInvalid;
        }

        if (!method.Executable)
        {
            return StatusCodes.BadNotExecutable;
        }

        var status = caller.Check(method, PermissionType.Call);
        return status.IsBad || handler is not null ? status : StatusCodes.BadNotImplemented;
    }

    // The method is named by itself or by its declaration on the object's type or a supertype (§5.12.2.2); what carries
    // it out is set at either.
    private static bool TryFindMethod(Node target, NodeId methodId,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MethodNode? method, out MethodHandler? handler)
    {
        method = MethodOf(target, m => m.Id == methodId);
        handler = method?.Handler;
        var type = target as TypeNode ?? target.TypeDefinition as TypeNode;
        for (; type is not null; type = type.SuperType)
        {
            if (method is null && MethodOf(type, m => m.Id == methodId) is { } declaration)
            {
                var name = declaration.BrowseName;
                method = MethodOf(target, m => m.BrowseName == name) ?? declaration;
                handler = method.Handler ?? declaration.Handler;
            }
            else if (method is { BrowseName: var wanted })
            {
                handler ??= MethodOf(type, m => m.BrowseName == wanted)?.Handler;
            }
        }

        return method is not null;
    }

    private static MethodNode? MethodOf(Node node, Predicate<MethodNode> wanted)
    {
        foreach (var reference in node.References)
        {
            if (!reference.IsInverse && reference.Target is MethodNode method && wanted(method)
                && reference.Type.IsOrRefines(NodeIds.HasComponent))
            {
                return method;
            }
        }

        return null;
    }

    private StatusCode CheckArguments(MethodNode method, Variant[] arguments, out StatusCode[] results)
    {
        results = [];
        var declared = Declared(method);
        if (arguments.Length != declared.Length)
        {
            return arguments.Length < declared.Length
                ? StatusCodes.BadArgumentsMissing
                : StatusCodes.BadTooManyArguments;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var status = rules.Check(
                declared[i].DataType, declared[i].ValueRank, declared[i].ArrayDimensions, ref arguments[i]);
            if (status.IsBad)
            {
                if (results.Length == 0)
                {
                    results = new StatusCode[arguments.Length];
                }

                results[i] = status;
            }
        }

        return results.Length == 0 ? StatusCodes.Good : StatusCodes.BadInvalidArgument;
    }

    private Argument[] Declared(MethodNode method)
    {
        if (space.Resolve(method.Id, "InputArguments") is not VariableNode declaration
            || !declaration.Get().Value.TryGet<ExtensionObject?[]>(out var objects))
        {
            return [];
        }

        var arguments = new Argument[objects.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = objects[i]?.As<Argument>()
                ?? new Argument { DataType = NodeIds.BaseDataType, ValueRank = -2 };
        }

        return arguments;
    }
}
