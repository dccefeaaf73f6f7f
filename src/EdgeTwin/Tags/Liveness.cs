namespace EdgeTwin.Tags;

/// <summary>Whether a tag still says something about the machine.</summary>
internal enum Liveness : byte
{
    /// <summary>Values arrive and change, or the tag has no cadence to hold it to.</summary>
    Live = 0,

    /// <summary>The device answers, but the value has not changed for longer than the tag's cadence allows.</summary>
    Quiet = 1,

    /// <summary>Nothing arrives and a read-back fails or is not possible: the last value is history.</summary>
    Dead = 2,
}
