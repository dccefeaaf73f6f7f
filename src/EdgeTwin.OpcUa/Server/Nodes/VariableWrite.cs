using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A client's write to the value of a variable.</summary>
/// <param name="Node">The variable.</param>
/// <param name="Value">The whole new value: an index range is already merged into the variable's present value.</param>
/// <param name="Range">The index range that the client gave; null when it wrote everything.</param>
/// <param name="Written">What the client sent: with a range, only these elements.</param>
/// <param name="User">Who writes.</param>
public sealed record VariableWrite(
    VariableNode Node, DataValue Value, NumericRange? Range, DataValue Written, UserIdentity User);
