namespace EdgeTwin.Upstream.Audit;

/// <summary>A sample as a receiver has it.</summary>
/// <param name="Epoch">Epoch of its place.</param>
/// <param name="Sequence">Sequence of its place.</param>
/// <param name="Tag">Its tag; null when the receiver did not keep it.</param>
/// <param name="Value">Its value as text; null when the receiver did not keep it.</param>
/// <param name="Time">Its source time; null when the receiver did not keep it.</param>
internal readonly record struct ReceivedSample(long Epoch, long Sequence, string? Tag, string? Value, DateTime? Time);
