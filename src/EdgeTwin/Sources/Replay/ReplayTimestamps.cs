namespace EdgeTwin.Sources.Replay;

/// <summary>Which source time a replayed sample carries.</summary>
internal enum ReplayTimestamps
{
    /// <summary>The moment of replay, as if the machine were there.</summary>
    Now,

    /// <summary>The time in the recording. When a recording starts again, or the next file begins earlier, its times
    /// are shifted so that they go on: the time of a tag never runs backwards.</summary>
    Original,
}
