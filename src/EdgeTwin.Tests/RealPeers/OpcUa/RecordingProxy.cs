using System.Net;
using System.Net.Sockets;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Passes the first connection on to a server and writes down what both sides say.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly PcapFile _capture;
    private readonly Task _running;

    public RecordingProxy(IPEndPoint server, PcapFile capture)
    {
        _capture = capture;
        _listener.Start();
        _running = RunAsync(server);
    }

    public string Url => $"opc.tcp://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IPEndPoint server)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            using var upstream = new TcpClient();
            await upstream.ConnectAsync(server, _stop.Token);
            await Task.WhenAll(PumpAsync(client, upstream, fromClient: true), PumpAsync(upstream, client,
                fromClient: false));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool fromClient)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is var count and > 0)
            {
                _capture.Add(fromClient, buffer.AsSpan(0, count));
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }

            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            to.Close();
        }
    }
}
