namespace EdgeTwin.Journal;

/// <summary>What became of a sample on its way to an uplink.</summary>
internal enum LedgerState
{
    /// <summary>Proven delivered, or left out by the uplink's filter.</summary>
    Settled,

    /// <summary>Still to be delivered.</summary>
    Pending,

    /// <summary>The journal gave it up before it could be delivered.</summary>
    GivenUp,
}
