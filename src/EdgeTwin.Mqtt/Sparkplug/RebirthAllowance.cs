namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// How many rebirths may follow each other: five at once, then one a second. A birth carries every metric, so hosts
/// that ask for one hundreds of times a second (by mistake, or all at once after a restart) would leave no room for
/// data. What comes too early is answered by one birth a little later.
/// </summary>
internal sealed class RebirthAllowance
{
    private const double Most = 5;
    private double left = Most;
    private ulong last;

    public bool TryTake(ulong now)
    {
        if (now > last) left = Math.Min(Most, left + (now - last) / 1000.0);
        last = now;
        if (left < 1) return false;
        left--;
        return true;
    }
}
