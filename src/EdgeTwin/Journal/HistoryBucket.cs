using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>
/// A stretch of a tag's history in one row. Numbers are over samples that have a numeric value and are not bad, and are
/// null where there is none.
/// </summary>
/// <param name="Start">Begin of the stretch, UTC; it ends where the next one begins.</param>
/// <param name="Count">Samples of any quality.</param>
/// <param name="GoodCount">Samples of good quality.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Average">Arithmetic mean of the samples (OPC 10000-13 Average).</param>
/// <param name="TimeAverage">
/// Mean over time, where each value holds until the next sample (OPC 10000-13 TimeAverage with stepped values): the
/// right one for tags that are recorded by exception. Counts from the first sample of the range that was asked for.
/// </param>
/// <param name="First">First value.</param>
/// <param name="Last">Last value.</param>
/// <param name="Status">The worst quality.</param>
internal sealed record HistoryBucket(
    DateTime Start, long Count, long GoodCount, double? Min, double? Max, double? Average, double? TimeAverage,
    double? First, double? Last, StatusCode Status);
