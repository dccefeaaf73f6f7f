using System.Net;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Why connections were ended. The first of a kind is logged at once; those of the next minute are counted and
/// logged together, so that a scan of the port does not fill the log.</summary>
internal sealed partial class ConnectionLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<uint, Repeats> repeats = [];   // by status code, of which there are few
    private long refused;

    /// <summary>Connections that were ended for a reason of the peer's.</summary>
    public long RefusedCount => Interlocked.Read(ref refused);

    public void Refused(EndPoint? remote, StatusCode status, string text, bool wasOpen)
    {
        Interlocked.Increment(ref refused);
        lock (gate)
        {
            var now = time.Monotonic();
            if (repeats.TryGetValue(status.Value, out var repeated))
            {
                repeats[status.Value] = repeated with { Count = repeated.Count + 1, Text = text };
                return;
            }

            repeats.Add(status.Value, new Repeats(now, 0, text));
        }

        if (wasOpen) LogEnded(logger, remote, text, status);
        else LogRefused(logger, remote, text, status);
    }

    public void HandlerFailed(Exception cause) => LogHandlerFailed(logger, cause);

    public void AcceptFailed(Exception cause) => LogAcceptFailed(logger, cause);

    public void ReverseFailed(string client, string why) => LogReverseFailed(logger, client, why);

    public void ReverseConnected(string client) => LogReverseConnected(logger, client);

    /// <summary>Logs the counts that are a minute old; called about once a second.</summary>
    public void Report()
    {
        lock (gate)
        {
            if (repeats.Count == 0) return;
            var now = time.Monotonic();
            foreach (var (status, repeated) in repeats)
            {
                if (now - repeated.Since < Pause) continue;
                // Changing and removing the current key is allowed while enumerating.
                if (repeated.Count == 0)
                {
                    repeats.Remove(status);
                    continue;
                }

                LogRepeated(logger, repeated.Count, repeated.Text, new StatusCode(status));
                repeats[status] = new Repeats(now, 0, repeated.Text);
            }
        }
    }

    [LoggerMessage(2000, LogLevel.Warning, "OPC UA: a connection from {Remote} was refused: {Reason} ({Status})")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, string reason, StatusCode status);

    [LoggerMessage(2001, LogLevel.Warning, "OPC UA: the connection of {Remote} was ended: {Reason} ({Status})")]
    private static partial void LogEnded(ILogger logger, EndPoint? remote, string reason, StatusCode status);

    [LoggerMessage(2002, LogLevel.Warning,
        "OPC UA: {Count} more connections were ended with {Status}, the last one because {Reason}")]
    private static partial void LogRepeated(ILogger logger, long count, string reason, StatusCode status);

    [LoggerMessage(2003, LogLevel.Error, "OPC UA: a request could not be handled; the connection that asked is closed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception cause);

    [LoggerMessage(2004, LogLevel.Warning, "OPC UA: a connection could not be accepted")]
    private static partial void LogAcceptFailed(ILogger logger, Exception cause);

    [LoggerMessage(2005, LogLevel.Warning, "OPC UA: the client {Client} cannot be dialled: {Reason}; trying on")]
    private static partial void LogReverseFailed(ILogger logger, string client, string reason);

    [LoggerMessage(2006, LogLevel.Information, "OPC UA: dialled the client {Client}")]
    private static partial void LogReverseConnected(ILogger logger, string client);

    private readonly record struct Repeats(TimeSpan Since, long Count, string Text);
}
