namespace EdgeTwin.Journal;

/// <summary>A segment without its content.</summary>
/// <param name="Id">Ascending with the order in which its samples came.</param>
/// <param name="OldestTicks">Oldest source time.</param>
/// <param name="NewestTicks">Newest source time.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Level">How often it was merged; <see cref="Compactor.FinalLevel"/> when it stays as it is.</param>
internal readonly record struct SegmentRow(long Id, long OldestTicks, long NewestTicks, long Samples, int Level);
