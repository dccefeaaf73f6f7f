namespace EdgeTwin.Sources;

/// <summary>
/// Waits between attempts to connect: doubling up to a cap, each shortened at random by up to half so that many
/// gateways do not return to a restarted device in step.
/// </summary>
internal sealed class BackOff(Random random)
{
    /// <summary>Longest first wait.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait of all.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);

    private TimeSpan step = First;

    /// <summary>The wait before the next attempt: between half of the step and all of it; doubles the step.</summary>
    public TimeSpan Next()
    {
        var wait = step * (0.5 + 0.5 * random.NextDouble());
        step = step * 2 > Cap ? Cap : step * 2;
        return wait;
    }

    /// <summary>
    /// Says how long the last connection delivered. Only one that outlived the next wait starts the waits over, so a
    /// device that accepts and drops at once is not hammered.
    /// </summary>
    public void Delivered(TimeSpan lifetime)
    {
        if (lifetime > step) step = First;
    }
}
