using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>One call of a method.</summary>
/// <param name="Object">The object or type that the method is called on.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">The input arguments, as many and of the types that the method declares.</param>
/// <param name="User">Who calls.</param>
public sealed record MethodCall(Node Object, MethodNode Method, Variant[] Arguments, UserIdentity User)
{
    /// <summary>The request that the call came with: methods that act on the session need it.</summary>
    internal RequestContext? Context { get; init; }
}
