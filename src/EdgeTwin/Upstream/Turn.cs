namespace EdgeTwin.Upstream;

/// <summary>How a turn of sending ended.</summary>
internal enum Turn
{
    /// <summary>Something was sent; there may be more.</summary>
    Sent,

    /// <summary>The window is full.</summary>
    Full,

    /// <summary>History has used up its share of the window, or of its rate, and nothing is live.</summary>
    Held,

    /// <summary>What is due is a backlog, and its rate lets nothing go now.</summary>
    Paced,

    /// <summary>A message waits for more samples.</summary>
    Gathering,

    /// <summary>Everything is sent.</summary>
    Nothing,
}
