using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>
/// A model as the twin's loop sees it. The loop offers inputs; the predictor's own worker infers and posts the outputs
/// back through the inbox like any other source. A slow or failing model degrades its own tags only.
/// </summary>
internal interface IPredictor
{
    /// <summary>The tags whose samples are offered, in the order of <see cref="Offer"/>.</summary>
    IReadOnlyList<TagId> Inputs { get; }

    /// <summary>
    /// Called by the twin's loop after a batch that touched an input: the current sample of each input in order. Copies
    /// what it needs, never blocks, never allocates; when the worker is busy the latest window wins and the replaced
    /// one is counted.
    /// </summary>
    void Offer(ReadOnlySpan<Sample> inputs, DateTime now);
}
