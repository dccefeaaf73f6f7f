using System.Net.Sockets;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Keeps a connection to a client that waits for us: dials, says RHE, serves, and dials again when it ended.
/// Pauses grow from 1 s to 60 s while the client cannot be reached.</summary>
internal sealed class ReverseConnector(
    Uri client, ReverseHelloMessage hello, Func<Socket, ReverseHelloMessage?, Task> admit, ConnectionLog log,
    TimeProvider time)
{
    private const int DefaultPort = 4840;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken stopping)
    {
        var pause = ShortestPause;
        var failing = false;
        try
        {
            while (true)
            {
                if (await DialAsync(failing, stopping) is { } dialled)
                {
                    (failing, pause) = (false, ShortestPause);
                    await admit(dialled, hello);
                }
                else
                {
                    failing = true;
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }

                await Task.Delay(pause, time, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task<Socket?> DialAsync(bool failing, CancellationToken stopping)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(DialTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        try
        {
            await socket.ConnectAsync(client.Host, client.Port < 0 ? DefaultPort : client.Port, either.Token);
            log.ReverseConnected(client.Authority);
            return socket;
        }
        catch (Exception e) when (
            e is SocketException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            socket.Dispose();
            if (!failing) log.ReverseFailed(client.Authority, e.Message);
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
