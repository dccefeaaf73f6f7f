namespace EdgeTwin.Upstream;

/// <summary>What to do with a message of a size.</summary>
internal enum SizeVerdict
{
    /// <summary>It may go.</summary>
    Send,

    /// <summary>Make it smaller.</summary>
    Split,

    /// <summary>It may go when nothing else is on its way, so that an end of the connection tells.</summary>
    Wait,

    /// <summary>It cannot be made smaller and the broker does not take it.</summary>
    Refuse,
}
