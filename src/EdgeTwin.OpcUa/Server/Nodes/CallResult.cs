using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>What a method answers.</summary>
/// <param name="Status">The result of the call.</param>
/// <param name="Outputs">The output arguments; empty when the call failed.</param>
/// <param name="ArgumentResults">What is wrong with each input argument; empty when nothing is.</param>
public sealed record CallResult(StatusCode Status, Variant[] Outputs, StatusCode[] ArgumentResults)
{
    /// <summary>The call succeeded.</summary>
    public static CallResult Good(params Variant[] outputs) => new(default, outputs, []);

    /// <summary>The call failed.</summary>
    public static CallResult Failed(StatusCode status) => new(status, [], []);
}
