using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>One output of a model; it becomes the tag <c>model.output</c>.</summary>
internal sealed record ModelOutput
{
    public required string Name { get; init; }

    /// <summary>Graph output that carries the value; null where the value is <see cref="Constant"/>.</summary>
    public string? Tensor { get; init; }

    /// <summary>Which element of the tensor, counted from 0 over all dimensions.</summary>
    public int Index { get; init; }

    /// <summary>The value itself where no tensor carries it, such as a threshold.</summary>
    public double Constant { get; init; }

    public string Unit { get; init; } = "";

    public TagDataType Type { get; init; } = TagDataType.Float64;

    /// <summary>Texts for a String output: the tensor's value is the index into them.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Smallest change that is recorded.</summary>
    public double Deadband { get; init; }

    public string? Description { get; init; }
}
