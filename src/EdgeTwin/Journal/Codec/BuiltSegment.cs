namespace EdgeTwin.Journal.Codec;

/// <summary>A segment that is ready to be stored.</summary>
internal sealed record BuiltSegment(SegmentDirectory Directory, ByteWriter Body, long Samples, long OldestTicks,
    long NewestTicks);
