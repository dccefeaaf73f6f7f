namespace EdgeTwin.Benchmarks.OpcUa.Recovery;

/// <summary>What became of one fault.</summary>
/// <param name="Fault">What happened.</param>
/// <param name="Took">From the moment when the endpoint was back (or when it happened, where it was never away) to the
/// first value; null when none came in time.</param>
/// <param name="Missing">Values that the server kept and that never arrived, or that are missing untold.</param>
/// <param name="How">How the subscription came back.</param>
internal sealed record RecoveryRound(RecoveryFault Fault, TimeSpan? Took, int Missing, string How);
