namespace EdgeTwin.Journal;

/// <summary>Samples that the journal gave up before every uplink had them.</summary>
/// <param name="First">Place of the first one.</param>
/// <param name="Last">Place of the last one.</param>
/// <param name="Samples">How many.</param>
/// <param name="Rule"><c>size</c>, <c>free-space</c> or <c>damaged</c>.</param>
/// <param name="Found">When, UTC.</param>
internal sealed record Loss(Position First, Position Last, long Samples, string Rule, DateTime Found);
