namespace EdgeTwin.Sources.Replay;

/// <summary>
/// Lays the rows of one or more recordings on one axis that only goes forward. A row that lies before its predecessor
/// (the recording starts again, the next file is older, a clock was set back) follows it at the usual distance.
/// </summary>
internal sealed class ReplayTimeline(TimeSpan usualStep, TimeSpan maxGap)
{
    private TimeSpan step = usualStep;
    private DateTime? lastRecorded;
    private bool begun;

    /// <summary>When the row is to be played, from the start of the replay, at speed 1.</summary>
    public TimeSpan Position { get; private set; }

    /// <summary>The row's time, as recorded plus the shifts that keep it going forward.</summary>
    public DateTime SourceTime { get; private set; }

    /// <summary>Goes to the next row.</summary>
    /// <param name="recorded">Its time; null where the recording has none, or none that can be read.</param>
    /// <param name="beginsFile">True for the first row of a file.</param>
    /// <param name="now">Source time of the very first row if it has none.</param>
    public void MoveTo(DateTime? recorded, bool beginsFile, DateTime now)
    {
        if (!begun)
        {
            begun = true;
            SourceTime = recorded ?? now;
        }
        else
        {
            var distance = recorded - lastRecorded ?? step;
            // Several rows may share one time stamp; the first row of a file may not, or a file of one row would spin.
            if (distance < TimeSpan.Zero || beginsFile && distance == TimeSpan.Zero) distance = step;
            else if (distance > TimeSpan.Zero) step = distance < maxGap ? distance : maxGap;
            Position += distance < maxGap ? distance : maxGap;
            SourceTime += distance;
        }

        lastRecorded = recorded ?? lastRecorded + step;
    }
}
