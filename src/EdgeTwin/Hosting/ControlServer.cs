using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>
/// The gateway's end of <see cref="ControlProtocol"/>. Only the gateway's own user may connect (mode 0600). Every
/// client
/// has a deadline and a largest size; at most <see cref="MostClients"/> are served at a time, further ones wait.
/// </summary>
internal sealed partial class ControlServer : IAsyncDisposable
{
    /// <summary>Clients served at a time.</summary>
    public const int MostClients = 8;

    /// <summary>A client that takes longer for its request, or to take its reply, is cut off.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The gateway takes at most this long to answer; a reload is the longest.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    private readonly SocketFile file;
    private readonly Socket listener;
    private readonly ControlHandler handler;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim places = new(MostClients);
    private readonly Task loop;

    private ControlServer(SocketFile file, Socket listener, ControlHandler handler, TimeProvider time, ILogger logger)
    {
        this.file = file;
        this.listener = listener;
        this.handler = handler;
        this.time = time;
        this.logger = logger;
        loop = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Path => file.Path;

    /// <summary>Listens in the data folder. A socket that a killed gateway left behind is replaced.</summary>
    /// <exception cref="ControlException">Another gateway answers there, or the folder does not allow a
    /// socket.</exception>
    public static ControlServer Start(string dataFolder, ControlHandler handler, TimeProvider time, ILogger logger)
    {
        var path = System.IO.Path.Combine(dataFolder, ControlProtocol.SocketName);
        SocketFile? place = null;
        Socket? socket = null;
        try
        {
            place = new SocketFile(path);
            RemoveStale(place);
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(place.EndPoint);

            // Before Listen, so that nobody can connect while the mode is still what the umask left.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(place.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(MostClients);
            return new ControlServer(place, socket, handler, time, logger);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            place?.Dispose();
            if (e is SocketException or IOException or UnauthorizedAccessException)
                throw new ControlException($"the control socket '{path}' cannot be opened: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Stops listening, ends what is being answered and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested) return;
        await stop.CancelAsync();
        await loop;
        listener.Dispose();
        File.Delete(file.Path);
        file.Dispose();
        places.Dispose();
        stop.Dispose();
    }

    private static void RemoveStale(SocketFile file)
    {
        var found = new FileInfo(file.Path);
        if (!found.Exists) return;
        if (found.Length > 0) throw new ControlException($"'{file.Path}' is not a socket; move it away");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(file.EndPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            found.Delete();
            return;
        }

        throw new ControlException(
            $"another gateway answers at '{file.Path}'; stop it, or give this one its own data folder (gateway.data)");
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        var failing = false;
        try
        {
            while (true)
            {
                await places.WaitAsync(stop.Token);
                clients.RemoveAll(static client => client.IsCompleted);
                try
                {
                    clients.Add(ServeAsync(await listener.AcceptAsync(stop.Token)));
                    failing = false;
                }
                catch (SocketException e)
                {
                    // Such as no free descriptor: it passes.
                    places.Release();
                    if (!failing) LogAcceptFailed(e.SocketErrorCode);
                    failing = true;
                    await Task.Delay(Deadline, time, stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped();
        }

        await Task.WhenAll(clients);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop.Token);
        try
        {
            var request = await ControlLine.ReadAsync(socket, ControlProtocol.LongestRequestBytes, either.Token);
            if (request is null) return;
            deadline.CancelAfter(LongestAnswer);
            var answer = await AnswerAsync(request, either.Token);
            deadline.CancelAfter(Deadline);
            await ControlLine.SendAsync(socket, answer, either.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ControlException)
        {
            LogClientFailed(e.Message);
        }
        finally
        {
            places.Release();
        }
    }

    private async ValueTask<byte[]> AnswerAsync(byte[] line, CancellationToken cancellation)
    {
        var verb = "";
        try
        {
            var request = ControlLine.Parse(line);
            if (!request.TryGetProperty("verb", out var name) || name.ValueKind != JsonValueKind.String)
                throw new ControlException("the request has no verb");
            verb = name.GetString()!;
            request.TryGetProperty("arguments", out var arguments);
            var result = await handler(verb, arguments, cancellation);

            // Encoded here, so that a result that JSON cannot hold is an answer too and not a cut connection.
            var written = JsonSerializer.SerializeToElement(result, ControlProtocol.Json);
            return ControlLine.Encode(new ControlReply { Ok = true, Result = written },
                ControlProtocol.LongestReplyBytes);
        }
        catch (ControlException e)
        {
            return Refusal(e.Message);
        }
#pragma warning disable CA1031 // One bad request must not end the gateway; the stack is logged.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogHandlerFailed(e, verb);
            return Refusal($"internal error in '{verb}'; the gateway's log has the details");
        }
    }

    private static byte[] Refusal(string error) =>
        ControlLine.Encode(new ControlReply { Error = error }, ControlProtocol.LongestReplyBytes);

    [LoggerMessage(1730, LogLevel.Error, "Control request '{Verb}' failed")]
    private partial void LogHandlerFailed(Exception exception, string verb);

    [LoggerMessage(1731, LogLevel.Debug, "A control client was cut off: {Reason}")]
    private partial void LogClientFailed(string reason);

    [LoggerMessage(1732, LogLevel.Warning, "The control socket takes no clients ({Error}); it is tried again")]
    private partial void LogAcceptFailed(SocketError error);

    [LoggerMessage(1733, LogLevel.Debug, "The control socket is closed")]
    private partial void LogStopped();
}
