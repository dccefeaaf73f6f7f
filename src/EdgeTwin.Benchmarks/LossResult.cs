namespace EdgeTwin.Benchmarks;

/// <summary>What the audit after the rounds of <c>acknowledged-loss</c> found.</summary>
internal sealed record LossResult(
    int Epochs, int Received, long Committed, long MissingInHistory, long MissingAtReceiver, int Gaps, long Changed,
    double MostDuplicatesPerFault);
