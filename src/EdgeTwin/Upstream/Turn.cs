namespace EdgeTwin.Upstream;

/// <summary>How a turn of sending ended.</summary>
internal enum Turn
{
    /// <summary>Something was sent; there may be more.</summary>
    Sent,

    /// <summary>The window is full.</summary>
    Full,

    /// <summary>History has used up its share of the window and nothing is live.</summary>
    Held,

    /// <summary>Everything is sent.</summary>
    Nothing,
}
