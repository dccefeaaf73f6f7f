namespace EdgeTwin.Upstream;

/// <summary>What every uplink has; each driver adds its own keys in a derived record.</summary>
internal abstract record UplinkConfig
{
    /// <summary>Which protocol carries the data: <c>mqtt</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>After an outage, what goes first: live data with history behind it, or history in order.</summary>
    public DrainOrder Order { get; init; } = DrainOrder.LiveFirst;
}
