using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Sources;
using EdgeTwin.Upstream;

namespace EdgeTwin.Hosting;

/// <summary>How the whole gateway is at one moment; the answer to <c>edgetwin status</c>.</summary>
internal sealed record GatewayStatus
{
    /// <summary>The gateway's id.</summary>
    public required string Gateway { get; init; }

    /// <summary>ISA-95 path of the asset.</summary>
    public required string Asset { get; init; }

    public required string Version { get; init; }

    /// <summary>When it started, UTC.</summary>
    public required DateTime Started { get; init; }

    /// <summary>Whether the kernel calls the clock synchronised.</summary>
    public required Tags.ClockState Clock { get; init; }

    public required IReadOnlyList<SourceStatus> Sources { get; init; }

    public required IReadOnlyList<TagStatus> Tags { get; init; }

    public required IReadOnlyList<PredictorStatus> Models { get; init; }

    public required IReadOnlyList<AlarmStatus> Alarms { get; init; }

    public required JournalStatus Journal { get; init; }

    public required IReadOnlyList<UplinkStatus> Uplinks { get; init; }

    /// <summary>Where OPC UA clients find the twin; null when it is not served.</summary>
    public string? OpcUaEndpoint { get; init; }

    /// <summary>Alarms that became active since the start.</summary>
    public required long AlarmsRaised { get; init; }

    /// <summary>Samples that the twin has applied since the start.</summary>
    public required long SamplesApplied { get; init; }
}
