using System.Net.Sockets;
using System.Text.Json;

namespace EdgeTwin.Hosting;

/// <summary>A command line's end of <see cref="ControlProtocol"/>.</summary>
internal static class ControlClient
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks the gateway that runs with this data folder.</summary>
    /// <param name="dataFolder">The folder of <c>gateway.data</c>.</param>
    /// <param name="verb">What is asked, such as <c>status</c>.</param>
    /// <param name="arguments">Written as JSON; null for none.</param>
    /// <param name="timeout">Longest wait for the whole exchange.</param>
    /// <param name="time">Clock of the time-out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What the gateway's handler returned, as JSON.</returns>
    /// <exception cref="ControlException">No gateway answers, or it refuses; the message says why and what to
    /// do.</exception>
    public static async Task<JsonElement> AskAsync(
        string dataFolder, string verb, object? arguments, TimeSpan timeout, TimeProvider time,
        CancellationToken cancellation)
    {
        var path = Path.GetFullPath(Path.Combine(dataFolder, ControlProtocol.SocketName));
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var reply = await ExchangeAsync(path, verb, arguments, time, either.Token)
                ?? throw new ControlException($"the gateway at '{path}' closed the connection; it may be stopping");
            if (!reply.Ok) throw new ControlException(reply.Error ?? "the gateway gave no reason");
            return reply.Result ?? default;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new ControlException($"the gateway at '{path}' did not answer within {timeout.TotalSeconds:0.#} s",
                e);
        }
        catch (SocketException e)
        {
            throw new ControlException(Explain(path, e.SocketErrorCode), e);
        }
        catch (IOException e)
        {
            throw new ControlException(Explain(path, SocketError.AddressNotAvailable), e);
        }
    }

    private static async Task<ControlReply?> ExchangeAsync(
        string path, string verb, object? arguments, TimeProvider time, CancellationToken cancellation)
    {
        using var file = new SocketFile(path);
        using var socket = await ConnectAsync(file, time, cancellation);
        var request = new { verb, arguments = arguments ?? new { } };
        await ControlLine.SendAsync(socket, ControlLine.Encode(request, ControlProtocol.LongestRequestBytes),
            cancellation);
        var line = await ControlLine.ReadAsync(socket, ControlProtocol.LongestReplyBytes, cancellation);
        return line is null ? null : ControlLine.Parse(line).Deserialize<ControlReply>(ControlProtocol.Json);
    }

    private static async Task<Socket> ConnectAsync(SocketFile file, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(file.EndPoint, cancellation);
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                // connect(2): EAGAIN, the gateway's backlog is full just now.
                socket.Dispose();
                await Task.Delay(Retry, time, cancellation);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static string Explain(string path, SocketError error) => error switch
    {
        SocketError.AccessDenied =>
            $"no permission for '{path}'; ask as the gateway's user, such as with 'sudo -u edgetwin'",
        SocketError.ConnectionRefused or SocketError.AddressNotAvailable =>
            $"no gateway runs with the data folder of '{path}'; start it with 'edgetwin run', or name its folder",
        _ => $"the gateway at '{path}' cannot be reached: {error}",
    };
}
