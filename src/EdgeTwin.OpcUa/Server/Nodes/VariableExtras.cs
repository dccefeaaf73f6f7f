using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>What few variables have, kept apart so that the others stay small.</summary>
internal sealed class VariableExtras
{
    public uint[]? ArrayDimensions { get; set; }

    public double MinimumSamplingInterval { get; set; }

    public IVariableWriter? Writer { get; set; }

    public Func<DataValue>? Computed { get; set; }
}
