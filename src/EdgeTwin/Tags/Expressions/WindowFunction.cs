namespace EdgeTwin.Tags.Expressions;

/// <summary>Functions over the recent past of a value.</summary>
internal enum WindowFunction : byte
{
    Min,
    Max,

    /// <summary>Mean weighted by how long each value held.</summary>
    Avg,

    /// <summary>Change per second from the start of the window to now.</summary>
    Rate,

    /// <summary>Value × seconds.</summary>
    Integral,

    /// <summary>The value as it was one window length ago.</summary>
    Delay,

    /// <summary>How often a Boolean became true.</summary>
    Count,
}
