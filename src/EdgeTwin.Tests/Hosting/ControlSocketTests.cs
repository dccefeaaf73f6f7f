using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeTwin.Hosting;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Hosting;

/// <summary>Client and server over real sockets; raw sockets play the hostile client.</summary>
public sealed class ControlSocketTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("et-control-");
    private readonly CollectingLogger logger = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_request_reaches_the_handler_and_its_result_comes_back()
    {
        await using var server = Start(Echo);
        var reply = await AskAsync("alarms.shelve", new { Name = "anomaly", Minutes = 15.5 });

        Assert.Equal("alarms.shelve", reply.GetProperty("verb").GetString());
        Assert.Equal("""{"name":"anomaly","minutes":15.5}""", reply.GetProperty("got").GetRawText());
    }

    [Fact]
    public async Task Infinite_and_undefined_numbers_and_line_ends_survive()
    {
        await using var server = Start((_, _, _) => ValueTask.FromResult<object?>(
            new { Score = double.NaN, Limit = double.PositiveInfinity, Text = "two\nlines", Kind = DayOfWeek.Monday }));
        var reply = await AskAsync("status");

        Assert.Equal(
            """{"score":"NaN","limit":"Infinity","text":"two\nlines","kind":"monday"}""", reply.GetRawText());
    }

    [Fact]
    public async Task A_refusal_of_the_handler_reaches_the_person_who_asked()
    {
        await using var server =
            Start((_, _, _) => throw new ControlException("alarm 'anomly' does not exist; did you mean 'anomaly'?"));
        var refusal = await Assert.ThrowsAsync<ControlException>(() => AskAsync("alarms.ack"));

        Assert.Equal("alarm 'anomly' does not exist; did you mean 'anomaly'?", refusal.Message);
        Assert.Empty(logger.Lines);
    }

    [Fact]
    public async Task A_fault_of_the_handler_is_logged_and_the_next_request_is_answered()
    {
        var first = true;
        await using var server = Start((verb, arguments, cancellation) =>
        {
            if (!first) return Echo(verb, arguments, cancellation);
            first = false;
            throw new InvalidOperationException("broken");
        });
        var refusal = await Assert.ThrowsAsync<ControlException>(() => AskAsync("status"));

        Assert.Equal("internal error in 'status'; the gateway's log has the details", refusal.Message);
        Assert.Equal(1730, Assert.Single(logger.Lines).Id);
        Assert.Equal("status", (await AskAsync("status")).GetProperty("verb").GetString());
    }

    [Fact]
    public async Task Only_the_gateways_user_may_connect_and_the_socket_goes_away_with_it()
    {
        var path = Path.Combine(folder.FullName, ControlProtocol.SocketName);
        await using (var server = Start(Echo))
        {
            Assert.Equal(path, server.Path);
            var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Many_clients_at_once_are_all_answered()
    {
        await using var server = Start(Echo);
        var asked = Enumerable.Range(0, 5 * ControlServer.MostClients).Select(i => AskAsync($"v{i}")).ToArray();
        var replies = await Task.WhenAll(asked);

        Assert.Equal(
            Enumerable.Range(0, asked.Length).Select(i => $"v{i}"),
                replies.Select(r => r.GetProperty("verb").GetString()));
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_gateway_is_replaced()
    {
        var path = Path.Combine(folder.FullName, ControlProtocol.SocketName);
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Bound under another name and moved, since the runtime removes the name that it bound.
            killed.Bind(new UnixDomainSocketEndPoint(path + "x"));
            File.Move(path + "x", path);
        }

        Assert.True(File.Exists(path));
        await using var server = Start(Echo);
        Assert.Equal("status", (await AskAsync("status")).GetProperty("verb").GetString());
    }

    [Fact]
    public async Task A_second_gateway_with_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using var server = Start(Echo);
        var refusal = Assert.Throws<ControlException>(() => Start(Echo));

        Assert.StartsWith("another gateway answers at", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("status", (await AskAsync("status")).GetProperty("verb").GetString());
    }

    [Fact]
    public void A_file_that_is_no_socket_is_not_deleted()
    {
        var path = Path.Combine(folder.FullName, ControlProtocol.SocketName);
        File.WriteAllText(path, "somebody's notes");

        Assert.Contains("is not a socket", Assert.Throws<ControlException>(() => Start(Echo)).Message,
            StringComparison.Ordinal);
        Assert.Equal("somebody's notes", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_folder_deeper_than_a_socket_address_works_all_the_same()
    {
        var deep = folder.CreateSubdirectory(string.Join('/', Enumerable.Repeat("a-folder-with-a-long-näme", 8)));
        Assert.True(deep.FullName.Length > SocketFile.LongestPathBytes);

        await using (var server = ControlServer.Start(deep.FullName, Echo, TimeProvider.System, logger))
        {
            Assert.True(File.Exists(server.Path));
            var reply =
                await ControlClient.AskAsync(
                    deep.FullName, "status", null, RealTime.Patience, TimeProvider.System, default);
            Assert.Equal("status", reply.GetProperty("verb").GetString());
        }

        Assert.Empty(deep.GetFiles());
    }

    [Fact]
    public async Task Without_a_gateway_the_message_says_what_to_do()
    {
        var refusal = await Assert.ThrowsAsync<ControlException>(() => AskAsync("status"));
        Assert.Equal(
            $"no gateway runs with the data folder of '{folder.FullName}/edgetwin.sock'; "
            + "start it with 'edgetwin run', or name its folder",
            refusal.Message);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_in_time_is_said_so()
    {
        var clock = new ManualTimeProvider();
        var asked = new TaskCompletionSource();
        await using var server = Start(async (_, _, cancellation) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return null;
        });
        var ask = ControlClient.AskAsync(folder.FullName, "status", null, TimeSpan.FromSeconds(2), clock, default);
        await asked.Task.WaitAsync(RealTime.Patience);
        clock.Advance(TimeSpan.FromSeconds(2));

        var refusal = await Assert.ThrowsAsync<ControlException>(() => ask.WaitAsync(RealTime.Patience));
        Assert.EndsWith("did not answer within 2 s", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json\n", "not a line of JSON")]
    [InlineData("[1]\n", "not a JSON object")]
    [InlineData("{}\n", "the request has no verb")]
    [InlineData("{\"verb\":7}\n", "the request has no verb")]
    public async Task A_request_that_is_none_is_refused_with_the_reason(string request, string expected)
    {
        await using var server = Start(Echo);
        using var client = await ConnectAsync();
        await client.SendAsync(Encoding.UTF8.GetBytes(request));

        Assert.Contains(expected, await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_nested_without_end_is_refused()
    {
        await using var server = Start(Echo);
        using var client = await ConnectAsync();
        await client.SendAsync(Encoding.UTF8.GetBytes("""{"verb":"x","arguments":""" + new string('[', 5000) + "\n"));

        Assert.Contains("depth", await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_end_is_cut_off_at_the_limit()
    {
        await using var server = Start(Echo);
        using var client = await ConnectAsync();
        var flood = new byte[4 * ControlProtocol.LongestRequestBytes];
        try
        {
            for (var sent = 0; sent < flood.Length;) sent += await client.SendAsync(flood.AsMemory(sent));
            Assert.Equal("", await ReadToEndAsync(client));
        }
        catch (SocketException e)
        {
            Assert.True(e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset,
                e.SocketErrorCode.ToString());
        }

        Assert.Equal("status", (await AskAsync("status")).GetProperty("verb").GetString());
    }

    [Fact]
    public async Task Silent_clients_are_cut_off_at_the_deadline_and_make_room()
    {
        var clock = new ManualTimeProvider();
        await using var server = Start(Echo, clock);
        var silent = new List<Socket>();
        for (var i = 0; i < ControlServer.MostClients; i++) silent.Add(await ConnectAsync());
        await clock.UntilTimersAsync(ControlServer.MostClients);

        var waiting = AskAsync("status");
        Assert.False(waiting.IsCompleted);
        clock.Advance(ControlServer.Deadline);

        Assert.Equal("status", (await waiting).GetProperty("verb").GetString());
        foreach (var socket in silent)
        {
            Assert.Equal("", await ReadToEndAsync(socket));
            socket.Dispose();
        }
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_client()
    {
        var server = Start(Echo);
        using var silent = await ConnectAsync();

        await server.DisposeAsync().AsTask().WaitAsync(RealTime.Patience);
        await server.DisposeAsync();
        Assert.Equal("", await ReadToEndAsync(silent));
    }

    private static ValueTask<object?> Echo(string verb, JsonElement arguments, CancellationToken cancellation) =>
        ValueTask.FromResult<object?>(new { verb, got = arguments });

    private ControlServer Start(ControlHandler handler, TimeProvider? time = null) =>
        ControlServer.Start(folder.FullName, handler, time ?? TimeProvider.System, logger);

    private Task<JsonElement> AskAsync(string verb, object? arguments = null) =>
        ControlClient.AskAsync(folder.FullName, verb, arguments, RealTime.Patience, TimeProvider.System, default);

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(
            new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, ControlProtocol.SocketName)));
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(RealTime.Patience);
        }
        catch (IOException e) when (e.InnerException
            is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Cut off before the server had accepted, or with bytes of ours unread.
            return "";
        }
    }
}
