namespace EdgeTwin.Tags;

/// <summary>What the twin knows of one tag at this moment. Written by the twin's loop only.</summary>
internal struct TagState
{
    /// <summary>The newest sample by source time, with the status that the twin gave it.</summary>
    public Sample Sample;

    /// <summary>The value as a number; NaN while the sample is bad or a string.</summary>
    public double Number;

    /// <summary>When a sample of the tag last arrived, UTC ticks; the start of the twin while none has.</summary>
    public long HeardTicks;

    public Liveness Liveness;
}
