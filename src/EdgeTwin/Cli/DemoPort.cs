using System.Net;
using System.Net.Sockets;

namespace EdgeTwin.Cli;

/// <summary>Where the demo serves OPC UA: at the usual port, or at another where that is taken.</summary>
internal static class DemoPort
{
    public const int Usual = 4840;

    public static int Free() => Try(Usual) ?? Try(0) ?? Usual;

    private static int? Try(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
