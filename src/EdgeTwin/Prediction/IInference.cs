namespace EdgeTwin.Prediction;

/// <summary>A model that is loaded and can run. Used by one thread at a time.</summary>
internal interface IInference : IDisposable
{
    /// <summary>Infers one window.</summary>
    /// <param name="window">Window x tags, oldest row first, in the package's units.</param>
    /// <param name="outputs">Takes one number for each output of the manifest, in its order.</param>
    /// <exception cref="ModelException">The model fails on this window.</exception>
    void Run(ReadOnlySpan<double> window, Span<double> outputs);
}
