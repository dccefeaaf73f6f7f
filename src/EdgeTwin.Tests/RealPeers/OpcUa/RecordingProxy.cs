using System.Net;
using System.Net.Sockets;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Passes the first connection on to a server and writes down what both sides say.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly PcapFile capture;
    private readonly Task running;

    public RecordingProxy(IPEndPoint server, PcapFile capture)
    {
        this.capture = capture;
        listener.Start();
        running = RunAsync(server);
    }

    public string Url => $"opc.tcp://{listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync(IPEndPoint server)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync(stop.Token);
            using var upstream = new TcpClient();
            await upstream.ConnectAsync(server, stop.Token);
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
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is var count and > 0)
            {
                capture.Add(fromClient, buffer.AsSpan(0, count));
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }

            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            to.Close();
        }
    }
}
