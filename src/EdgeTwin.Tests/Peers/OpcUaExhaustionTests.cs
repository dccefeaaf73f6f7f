using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.Tests.OpcUa.Channel;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Tests.Peers;

/// <summary>Clients that take what they can get, or nothing at all: what they cost is bounded, the clock ends them, and
/// others are served meanwhile.</summary>
public class OpcUaExhaustionTests
{
    private static readonly byte[] Ping = [1, 0, 119, 2, 7];
    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_silent_connection_ends_after_five_seconds()
    {
        await using var server = new EchoServer(time: time);
        using var peer = await server.DialAsync();
        await ConnectionTests.Eventually(() => server.Listener.ConnectionCount == 1);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, server.Listener.ConnectionCount);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCodes.BadTimeout, await peer.EndAsync());
    }

    [Fact]
    public async Task A_client_that_says_hello_and_no_more_ends_after_ten_seconds()
    {
        await using var server = new EchoServer(time: time);
        using var peer = await server.DialAsync();
        await peer.SendAsync(RawPeer.Hello());
        Assert.NotNull(await peer.ReadAsync());
        time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(StatusCodes.BadTimeout, await peer.EndAsync());
    }

    /// <summary>Slow loris: each byte comes in time, the frame does not.</summary>
    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 10)]
    public async Task A_frame_that_trickles_ends_after_its_deadline(bool open, int seconds)
    {
        await using var server = new EchoServer(time: time);
        using var peer = await server.DialAsync();
        if (open) await peer.OpenAsync();
        var frame = open ? peer.Chunk(Ping) : RawPeer.Hello();
        for (var i = 0; i < seconds; i++)
        {
            await peer.SendAsync([frame[i]]);
            // The socket is real: the byte needs a moment to get there before the clock goes on.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StatusCodes.BadTimeout, await peer.EndAsync());
    }

    [Fact]
    public async Task A_message_that_is_not_completed_ends_the_connection_and_frees_its_memory()
    {
        await using var server = new EchoServer(time: time);
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        await peer.SendAsync(peer.Chunk(new byte[1000], kind: 'C'));
        await ConnectionTests.Eventually(() => server.Listener.IncompleteBytes == 1000);
        time.Advance(TimeSpan.FromSeconds(63));
        Assert.Equal(StatusCodes.BadTimeout, await peer.EndAsync());
        peer.Dispose();
        await ConnectionTests.Eventually(() => server.Listener.IncompleteBytes == 0);
    }

    [Fact]
    public async Task A_channel_that_is_not_renewed_ends_with_its_token()
    {
        await using var server = new EchoServer(time: time);
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        time.Advance(TimeSpan.FromSeconds(74));
        await peer.SendAsync(peer.Chunk(Ping));
        Assert.Equal(Ping, (await peer.ReadAsync())![24..]);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCodes.BadTimeout, await peer.EndAsync());
    }

    [Fact]
    public async Task Ten_thousand_half_open_connections_hurt_nobody()
    {
        await using var server = new EchoServer(new ListenerOptions { MaxHalfOpen = 16 });
        await using var before = await server.ConnectAsync();
        var flood = new Queue<RawPeer>();
        for (var i = 0; i < 10_000; i++)
        {
            var peer = await server.DialAsync();
            if (i % 2 == 0) await peer.SendAsync(RawPeer.Frame("HELF")[..3]);
            flood.Enqueue(peer);
            // The oldest were dropped long ago; this side has only so many handles.
            if (flood.Count > 2000) flood.Dequeue().Dispose();
        }

        await using var after = await server.ConnectAsync();
        Assert.Equal(Ping, await EchoServer.AskAsync(before, Ping));
        Assert.Equal(Ping, await EchoServer.AskAsync(after, Ping));
        Assert.InRange(server.Listener.ConnectionCount, 2, 2 + 16);
        foreach (var peer in flood) peer.Dispose();
    }

    [Fact]
    public async Task When_all_connections_have_sessions_a_new_one_is_told_so()
    {
        await using var server = new EchoServer(new ListenerOptions { MaxConnections = 2 });
        server.OnRequest = static (connection, request, body) =>
        {
            connection.HasSession = true;
            connection.Send(request, EchoServer.Buffer(connection.RentBuffer(), body));
        };
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        Assert.Equal(Ping, await EchoServer.AskAsync(first, Ping));
        Assert.Equal(Ping, await EchoServer.AskAsync(second, Ping));
        using var third = await server.DialAsync();
        Assert.Equal(StatusCodes.BadTcpServerTooBusy, await third.EndAsync());
        Assert.Equal(Ping, await EchoServer.AskAsync(first, Ping));
    }

    /// <summary>OPC 10000-4 §5.5.2.1: a channel without a session makes room.</summary>
    [Fact]
    public async Task When_all_connections_are_in_use_the_oldest_without_a_session_makes_room()
    {
        await using var server = new EchoServer(new ListenerOptions { MaxConnections = 2 });
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        await using var third = await server.ConnectAsync();
        Assert.True((await first.Closed).IsBad);
        Assert.Equal(Ping, await EchoServer.AskAsync(second, Ping));
        Assert.Equal(Ping, await EchoServer.AskAsync(third, Ping));
    }

    [Fact]
    public async Task A_client_that_asks_and_does_not_read_waits_for_itself_only_and_is_dropped()
    {
        var options = new ListenerOptions { Limits = new() { SendQueueMark = 100_000 } };
        await using var server = new EchoServer(options, time);
        await using var bystander = await server.ConnectAsync();
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        peer.Socket.ReceiveBufferSize = 4096;
        var request = peer.Chunk(new byte[60_000]);
        var asking = Task.Run(async () =>
        {
            while (true)
            {
                await peer.SendAsync(request);
                request = peer.Chunk(new byte[60_000]);
            }
        });
        await ConnectionTests.Eventually(
            () => server.Listener.OpenConnections().Any(static c => c.PendingBytes > 100_000));
        Assert.All(server.Listener.OpenConnections(), static c => Assert.InRange(c.PendingBytes, 0, 300_000));
        Assert.Equal(Ping, await EchoServer.AskAsync(bystander, Ping));
        time.Advance(TimeSpan.FromSeconds(32));
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => asking);
        await ConnectionTests.Eventually(() => server.Closed == 1);
        Assert.Equal(StatusCodes.BadTimeout, server.LastReason.Value);
        Assert.Equal(Ping, await EchoServer.AskAsync(bystander, Ping));
    }

    /// <summary>What the server sends of itself is bounded too: a subscription does not wait for its client.</summary>
    [Fact]
    public async Task A_client_that_does_not_read_what_others_send_it_is_dropped_at_the_limit()
    {
        var options = new ListenerOptions { Limits = new() { SendQueueLimit = 1_000_000 } };
        await using var server = new EchoServer(options, time);
        using var peer = await server.DialAsync();
        await peer.OpenAsync();
        var connection = Assert.Single(server.Listener.OpenConnections());
        var largest = 0;
        for (var i = 0; i < 1000 && server.Listener.ConnectionCount == 1; i++)
        {
            connection.Send(1, EchoServer.Buffer(connection.RentBuffer(), new byte[60_000]));
            largest = Math.Max(largest, connection.PendingBytes);
        }

        await ConnectionTests.Eventually(() => server.Closed == 1);
        Assert.Equal(StatusCodes.BadTcpNotEnoughResources, server.LastReason.Value);
        Assert.InRange(largest, 900_000, 1_000_000 + 60_024);
    }

    [Fact]
    public async Task Repeats_are_counted_and_logged_once_a_minute()
    {
        var log = new CollectingLogger();
        await using var server = new EchoServer(time: time, logger: log);
        for (var i = 0; i < 50; i++)
        {
            using var peer = await server.DialAsync();
            await peer.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            Assert.Equal(StatusCodes.BadTcpMessageTypeInvalid, await peer.EndAsync());
        }

        Assert.Equal(2000, Assert.Single(log.Lines).Id);
        Assert.Equal(50, server.Listener.RefusedCount);
        await time.AdvanceUntilAsync(() => log.Lines.Count > 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90));
        Assert.Equal([2000, 2002], log.Lines.Select(line => line.Id));
    }

    [Fact]
    public async Task A_server_that_fails_ends_the_connection_that_asked_and_no_other()
    {
        await using var server = new EchoServer();
        await using var bystander = await server.ConnectAsync();
        await using var client = await server.ConnectAsync();
        server.OnRequest = static (_, _, _) => throw new InvalidOperationException("a bug");
        var failed = await Assert.ThrowsAsync<OpcUaException>(() => EchoServer.AskAsync(client, Ping));
        Assert.Equal(StatusCodes.BadInternalError, failed.Status.Value);
        // What exactly failed is for the log, not for the client.
        Assert.DoesNotContain("bug", failed.Message, StringComparison.Ordinal);
        server.OnRequest = null;
        Assert.Equal(Ping, await EchoServer.AskAsync(bystander, Ping));
    }

}
