using System.Net;
using System.Net.Sockets;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>Free TCP ports on the loopback address.</summary>
internal static class Ports
{
    // Below those that the system gives to clients and to port 0 (Linux: 32768 and up), so that nobody takes a port
    // between the look and the use, or while its server is down for a moment.
    private const int First = 20_000;
    private const int Last = 32_000;

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody has it: another one.
            }
        }
    }

    public static async Task WaitUntilOpenAsync(int port, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
            }
        }
    }
}
