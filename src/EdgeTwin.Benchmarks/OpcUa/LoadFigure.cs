namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>What one load on an OPC UA server gave.</summary>
internal sealed record LoadFigure
{
    /// <summary>For example <c>read1000</c>; the names are those of <see cref="LoadMetric"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>Operations a second; milliseconds for a browse.</summary>
    public required double Value { get; init; }

    public double P50Microseconds { get; init; }

    public double P99Microseconds { get; init; }

    public double MaxMicroseconds { get; init; }

    /// <summary>Length of the window.</summary>
    public required double Seconds { get; init; }

    /// <summary>CPU that the server used in the window, all threads.</summary>
    public required double ServerCpuSeconds { get; init; }

    public double ResidentMb { get; init; }

    /// <summary>Notifications received of those expected; 1 for other loads.</summary>
    public double Delivered { get; init; } = 1;

    /// <summary>Per cent of a core that neither server nor client used, and that the hypervisor took.</summary>
    public double Noise { get; init; }

    /// <summary>Server CPU of one operation.</summary>
    public double CpuMicroseconds => ServerCpuSeconds * 1e6 / Math.Max(1, Value * Seconds);
}
