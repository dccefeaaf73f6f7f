namespace EdgeTwin.Upstream.Audit;

/// <summary>What an audit found in one epoch.</summary>
internal sealed record EpochFindings
{
    public required long Epoch { get; init; }

    /// <summary>Different places that the receiver has.</summary>
    public required long Received { get; init; }

    /// <summary>Samples that the gateway has proof of delivery of.</summary>
    public required long Delivered { get; init; }

    /// <summary>Of those, how many the receiver does not have.</summary>
    public required long Missing { get; init; }

    /// <summary>Places that are missing, the first ones; none where the uplink's filter leaves places out, so that
    /// nobody can tell which.</summary>
    public required IReadOnlyList<(long First, long Last)> Gaps { get; init; }

    /// <summary>Samples that the journal gave up before they were delivered: missing at the receiver, and
    /// known.</summary>
    public required long GivenUp { get; init; }

    /// <summary>Samples that still wait to be delivered.</summary>
    public required long Pending { get; init; }
}
