using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>A sample of a chunk.</summary>
/// <param name="Time">Its place on the timeline of the segment.</param>
/// <param name="Status">Its quality.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct TimedValue(int Time, StatusCode Status, TagValue Value);
