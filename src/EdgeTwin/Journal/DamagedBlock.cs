namespace EdgeTwin.Journal;

/// <summary>A block that failed its checksum.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Last">Position of the last sample that it should hold.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record DamagedBlock(long Key, Position Last, string Reason);
