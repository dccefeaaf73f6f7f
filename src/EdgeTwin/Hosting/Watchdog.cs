using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>
/// Feeds systemd's watchdog at half its interval, but only while the twin's loop makes progress. A process that still
/// answers but whose twin stands still is of no use to anybody; systemd then kills it and starts a new one.
/// </summary>
/// <param name="timeout">systemd kills the service when it hears nothing for this long.</param>
/// <param name="heartbeat">A counter that the twin's loop moves at least once a second, also when nothing
/// happens.</param>
/// <param name="feed">Tells systemd that the service is alive.</param>
/// <param name="time">Clock of the interval.</param>
/// <param name="logger">For the standstill and the recovery.</param>
internal sealed partial class Watchdog(
    TimeSpan timeout, Func<long> heartbeat, Func<bool> feed, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// What systemd asks for in <c>WATCHDOG_USEC</c>; null when it asks for nothing, or asks another process
    /// (<c>WATCHDOG_PID</c>), as a child of the service would see (sd_watchdog_enabled(3)).
    /// </summary>
    public static TimeSpan? Timeout(string? watchdogUsec, string? watchdogPid, int ownPid)
    {
        if (!long.TryParse(watchdogUsec, NumberStyles.None, CultureInfo.InvariantCulture, out var usec) || usec <= 0)
            return null;
        if (!string.IsNullOrEmpty(watchdogPid)
            && watchdogPid != ownPid.ToString(CultureInfo.InvariantCulture)) return null;
        return usec > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond ? null : TimeSpan.FromMicroseconds(usec);
    }

    /// <summary>The same, from this process's environment.</summary>
    public static TimeSpan? TimeoutFromEnvironment() => Timeout(
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"),
        Environment.ProcessId);

    /// <summary>Feeds until cancelled. Half the interval leaves room for one late turn.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var turn = new PeriodicTimer(timeout / 2, time);
        long? last = null;
        long? standsSince = null;
        try
        {
            do
            {
                var now = heartbeat();
                if (now != last)
                {
                    if (standsSince is { } since) LogMoves(time.GetElapsedTime(since));
                    standsSince = null;
                    last = now;
                    feed();
                }
                else if (standsSince is null)
                {
                    standsSince = time.GetTimestamp();
                    LogStands(timeout / 2);
                }
            }
            while (await turn.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogStopped();
        }
    }

    [LoggerMessage(1710, LogLevel.Error,
        "The twin's loop has not moved for {Interval}; the watchdog is not fed, systemd will restart the gateway")]
    private partial void LogStands(TimeSpan interval);

    [LoggerMessage(1711, LogLevel.Warning, "The twin's loop moves again after {Duration}; the watchdog is fed")]
    private partial void LogMoves(TimeSpan duration);

    [LoggerMessage(1712, LogLevel.Debug, "The watchdog is no longer fed: the gateway stops")]
    private partial void LogStopped();
}
