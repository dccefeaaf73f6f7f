using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>One tag as it is at a moment.</summary>
/// <param name="Definition">What is fixed about it.</param>
/// <param name="Sample">Its newest sample, with the status that the twin gave it.</param>
/// <param name="Liveness">Live, quiet or dead.</param>
/// <param name="HeardAt">When a sample last arrived, UTC; null when none ever has.</param>
internal sealed record TagSnapshot(TagDefinition Definition, Sample Sample, Liveness Liveness, DateTime? HeardAt);
