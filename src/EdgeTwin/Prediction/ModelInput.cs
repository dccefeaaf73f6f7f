using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>One tag that a model takes.</summary>
internal sealed record ModelInput
{
    /// <summary>Name of the tag when the model was made; the configuration may map it to another.</summary>
    public required string Name { get; init; }

    /// <summary>Unit that the model was trained in; empty where none. A tag of the same dimension is
    /// converted.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Range of the training data; outside it the outputs are uncertain. Null where it is not known.</summary>
    public ValueRange? Range { get; init; }
}
