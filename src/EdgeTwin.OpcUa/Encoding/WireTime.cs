namespace EdgeTwin.OpcUa.Encoding;

/// <summary>DateTime on the wire: 100 ns ticks since 1601 (OPC 10000-6 §5.2.2.5).</summary>
internal static class WireTime
{
    private const long Epoch = 504_911_232_000_000_000; // 1601-01-01 in ticks of DateTime
    private const long LastSecond = 3_155_378_975_990_000_000; // 9999-12-31T23:59:59

    /// <summary>0 and less are "the minimum": absent, the default of DateTime. From the last second of 9999 on: the
    /// maximum.</summary>
    public static DateTime ToDateTime(long wire)
    {
        if (wire <= 0)
        {
            return default;
        }

        return wire >= LastSecond - Epoch ? DateTime.MaxValue : new DateTime(wire + Epoch, DateTimeKind.Utc);
    }

    /// <summary>The inverse; a local time is converted, one before 1601 is the minimum.</summary>
    public static long ToWire(DateTime time)
    {
        if (time.Kind == DateTimeKind.Local)
        {
            time = time.ToUniversalTime();
        }

        return time.Ticks >= LastSecond ? long.MaxValue : Math.Max(0, time.Ticks - Epoch);
    }
}
