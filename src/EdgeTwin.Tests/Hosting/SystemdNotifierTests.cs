using System.Net.Sockets;
using System.Text;
using EdgeTwin.Hosting;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Hosting;

/// <summary>A datagram socket of the test plays systemd's end.</summary>
public sealed class SystemdNotifierTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("et-notify-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Every_message_reaches_a_socket_in_the_file_system()
    {
        var path = Path.Combine(folder.FullName, "notify");
        using var systemd = Listen(path);
        using var notifier = new SystemdNotifier(path, NullLogger.Instance);

        Assert.True(notifier.IsActive);
        Assert.True(notifier.Ready("8 tags from 1 source"));
        Assert.Equal("READY=1\nSTATUS=8 tags from 1 source", Receive(systemd));
        Assert.True(notifier.Status("all good"));
        Assert.Equal("STATUS=all good", Receive(systemd));
        Assert.True(notifier.FeedWatchdog());
        Assert.Equal("WATCHDOG=1", Receive(systemd));
        Assert.True(notifier.ExtendTimeout(TimeSpan.FromSeconds(30)));
        Assert.Equal("EXTEND_TIMEOUT_USEC=30000000", Receive(systemd));
        Assert.True(notifier.Reloading(TimeProvider.System));
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=reloading$", Receive(systemd));
        Assert.True(notifier.Stopping());
        Assert.Equal("STOPPING=1\nSTATUS=stopping", Receive(systemd));
    }

    [Fact]
    public void An_abstract_socket_is_reached_by_its_name_with_an_at_sign()
    {
        var name = "edgetwin-test-" + folder.Name;
        using var systemd = Listen("\0" + name);
        using var notifier = new SystemdNotifier("@" + name, NullLogger.Instance);

        Assert.True(notifier.Ready("up"));
        Assert.Equal("READY=1\nSTATUS=up", Receive(systemd));
    }

    [Fact]
    public void A_status_of_several_lines_cannot_smuggle_in_another_assignment()
    {
        var path = Path.Combine(folder.FullName, "notify");
        using var systemd = Listen(path);
        using var notifier = new SystemdNotifier(path, NullLogger.Instance);

        notifier.Status("broken\nMAINPID=1\r\nREADY=1");

        Assert.Equal("STATUS=broken MAINPID=1 READY=1", Receive(systemd));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_systemd_nothing_happens_and_nothing_is_logged(string? socket)
    {
        var logger = new CollectingLogger();
        using var notifier = new SystemdNotifier(socket, logger);

        Assert.False(notifier.IsActive);
        Assert.False(notifier.Ready("up"));
        Assert.Empty(logger.Lines);
    }

    [Theory]
    [InlineData("vsock:2:1234", 1700)]
    [InlineData("/nonexistent/notify", 1701)]
    public void A_socket_that_cannot_be_used_is_logged_once_and_the_gateway_lives(string socket, int eventId)
    {
        var logger = new CollectingLogger();
        using var notifier = new SystemdNotifier(socket, logger);

        Assert.False(notifier.Ready("up"));
        Assert.False(notifier.FeedWatchdog());
        Assert.Equal(eventId, Assert.Single(logger.Lines).Id);
    }

    [Fact]
    public void A_systemd_that_takes_nothing_never_blocks_and_is_logged_once()
    {
        var path = Path.Combine(folder.FullName, "notify");
        using var systemd = Listen(path);
        var logger = new CollectingLogger();
        using var notifier = new SystemdNotifier(path, logger);

        // Nobody reads: the kernel's queue of the socket fills up; a blocking send would hang here.
        var taken = 0;
        while (taken < 100_000 && notifier.FeedWatchdog()) taken++;
        Assert.InRange(taken, 1, 99_999);
        Assert.False(notifier.FeedWatchdog());
        Assert.Equal([1702], logger.Lines.Select(l => l.Id));

        for (var i = 0; i < taken; i++) Receive(systemd);
        Assert.True(notifier.FeedWatchdog());
        Assert.Equal([1702, 1703], logger.Lines.Select(l => l.Id));
    }

    private static Socket Listen(string name)
    {
        var socket =
            new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        socket.Bind(new UnixDomainSocketEndPoint(name));
        return socket;
    }

    private static string Receive(Socket systemd)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer));
    }
}
