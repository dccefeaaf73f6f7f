using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>
/// Tells systemd how the service is doing: one datagram of <c>NAME=value</c> lines per message to the socket that
/// systemd
/// names in <c>NOTIFY_SOCKET</c> (sd_notify(3)). Does nothing where systemd does not ask. Never blocks: a message that
/// systemd's queue has no room for is dropped, and the next one comes soon enough.
/// </summary>
internal sealed partial class SystemdNotifier : IDisposable
{
    private const int LongestStatus = 1024;

    private readonly Socket? socket;
    private readonly ILogger logger;
    private bool failing;

    /// <summary>Opens the way to systemd; a socket that cannot be reached is logged once and then left alone.</summary>
    /// <param name="notifySocket">Value of <c>NOTIFY_SOCKET</c>: a path, or <c>@name</c> for an abstract
    /// socket.</param>
    /// <param name="logger">For the first failure and the recovery.</param>
    public SystemdNotifier(string? notifySocket, ILogger logger)
    {
        this.logger = logger;
        if (string.IsNullOrEmpty(notifySocket)) return;
        if (notifySocket[0] is not ('/' or '@'))
        {
            // vsock: and relative names exist for virtual machines and containers of other kinds; not for this service.
            LogUnsupported(notifySocket);
            return;
        }

        var name = notifySocket[0] == '@' ? string.Concat("\0", notifySocket.AsSpan(1)) : notifySocket;
        var opened = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            opened.Connect(new UnixDomainSocketEndPoint(name));
            socket = opened;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            opened.Dispose();
            LogUnreachable(notifySocket, e.Message);
        }
    }

    /// <summary>Whether somebody listens.</summary>
    public bool IsActive => socket is not null;

    /// <summary>The notifier for this process's environment.</summary>
    public static SystemdNotifier FromEnvironment(ILogger logger) =>
        new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), logger);

    /// <summary>The service is up: <c>systemctl start</c> returns.</summary>
    public bool Ready(string status) => Send($"READY=1\nSTATUS={Line(status)}");

    /// <summary>One line for people, shown by <c>systemctl status</c>.</summary>
    public bool Status(string status) => Send($"STATUS={Line(status)}");

    /// <summary>The service has begun to take a new configuration; <see cref="Ready"/> ends it (sd_notify(3): systemd
    /// compares the time with that of its own request).</summary>
    /// <param name="time">Its monotonic clock is CLOCK_MONOTONIC.</param>
    public bool Reloading(TimeProvider time) =>
        Send($"RELOADING=1\nMONOTONIC_USEC={(long)time.GetElapsedTime(0).TotalMicroseconds}\nSTATUS=reloading");

    /// <summary>The service has begun to stop.</summary>
    public bool Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    /// <summary>The service is alive.</summary>
    public bool FeedWatchdog() => Send("WATCHDOG=1");

    /// <summary>A start or stop takes longer than usual, such as the repair of a journal, and is to be waited
    /// for.</summary>
    public bool ExtendTimeout(TimeSpan time) => Send($"EXTEND_TIMEOUT_USEC={(long)time.TotalMicroseconds}");

    public void Dispose() => socket?.Dispose();

    private static string Line(string status)
    {
        var line = status.ReplaceLineEndings(" ");
        return line.Length <= LongestStatus ? line : line[..LongestStatus];
    }

    private bool Send(string message)
    {
        if (socket is null) return false;
        try
        {
            socket.Send(Encoding.UTF8.GetBytes(message));
            if (failing) LogReachable();
            failing = false;
            return true;
        }
        catch (SocketException e)
        {
            if (!failing) LogSendFailed(e.SocketErrorCode);
            failing = true;
            return false;
        }
    }

    [LoggerMessage(1700, LogLevel.Warning,
        "NOTIFY_SOCKET '{Name}' is neither a path nor '@name'; systemd is not notified")]
    private partial void LogUnsupported(string name);

    [LoggerMessage(1701, LogLevel.Warning, "systemd cannot be notified at '{Name}': {Reason}")]
    private partial void LogUnreachable(string name, string reason);

    [LoggerMessage(1702, LogLevel.Warning, "systemd does not take notifications: {Error}")]
    private partial void LogSendFailed(SocketError error);

    [LoggerMessage(1703, LogLevel.Information, "systemd takes notifications again")]
    private partial void LogReachable();
}
