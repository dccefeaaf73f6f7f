using EdgeTwin.Alarms;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>What stays the same for as long as the process lives, whatever the configuration becomes.</summary>
internal sealed record GatewayContext
{
    public required ILoggerFactory Logs { get; init; }

    public required TimeProvider Time { get; init; }

    public required ClockMonitor Clock { get; init; }

    /// <summary>Journal and control socket are here.</summary>
    public required string DataFolder { get; init; }

    /// <summary>How much faster than real time the machine runs; 1 but for a sped-up recording.</summary>
    public required double Speed { get; init; }

    /// <summary>When the process began to be this gateway, UTC.</summary>
    public required DateTime Started { get; init; }

    /// <summary>Told of every change of an alarm; quick, and never throws.</summary>
    public required Action<AlarmTransition> OnTransition { get; init; }

    /// <summary>Told when a source has added to a file of tags, which is named; any thread, and never throws.</summary>
    public required Action<string> OnTagFileGrown { get; init; }
}
