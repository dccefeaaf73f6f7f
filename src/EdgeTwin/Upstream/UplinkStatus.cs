namespace EdgeTwin.Upstream;

/// <summary>An uplink at one moment.</summary>
internal sealed record UplinkStatus
{
    /// <summary>Name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Target { get; init; }

    public required UplinkState State { get; init; }

    /// <summary>Since when it is in that state, UTC.</summary>
    public required DateTime Since { get; init; }

    /// <summary>Samples of the running epoch that are not proven delivered; older epochs count in <see cref="Lag"/>
    /// only.</summary>
    public required long LagSamples { get; init; }

    /// <summary>Age of the oldest sample that is not proven delivered; zero when there is none.</summary>
    public required TimeSpan Lag { get; init; }

    /// <summary>Receive time of the oldest sample that is not proven delivered, UTC; null when there is none.</summary>
    public DateTime? Oldest { get; init; }

    /// <summary>Samples sent, repetitions included.</summary>
    public required long Sent { get; init; }

    /// <summary>Messages sent, repetitions included.</summary>
    public required long Messages { get; init; }

    /// <summary>Samples proven delivered.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Samples whose delivery was unproven when a connection was lost, and which therefore went a second
    /// time.</summary>
    public required long Resent { get; init; }

    /// <summary>Samples that the uplink's filter left out.</summary>
    public required long Filtered { get; init; }

    /// <summary>Samples that are given up, by rule: those that the journal no longer had when they were due, and under
    /// <c>refused</c> those that the far side does not take.</summary>
    public required IReadOnlyDictionary<string, long> Lost { get; init; }

    /// <summary>Why the last sample was given up that the far side does not take; null when none was.</summary>
    public string? LastRefusal { get; init; }

    /// <summary>Messages without proof of delivery now.</summary>
    public required int InFlight { get; init; }

    /// <summary>Why the last attempt failed or the last connection was lost; null when none was.</summary>
    public string? LastError { get; init; }
}
