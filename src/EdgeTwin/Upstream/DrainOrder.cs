namespace EdgeTwin.Upstream;

/// <summary>Order in which a backlog goes upstream.</summary>
internal enum DrainOrder
{
    /// <summary>New samples go at once; the backlog follows between them.</summary>
    LiveFirst,

    /// <summary>Strictly in the order of the sequence.</summary>
    HistoryFirst,
}
