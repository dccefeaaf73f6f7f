using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Reverse;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>Servers that dial their clients (OPC 10000-6 §7.1.3), between our two sides: node-opcua's server does not
/// dial.</summary>
[Collection(RealTime.Name)]
public sealed class ReverseConnectTests
{
    [Fact]
    public async Task A_server_that_dials_is_talked_to_as_any_other_and_strangers_are_turned_away()
    {
        await using var listener = ReverseConnectListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System, NullLogger.Instance);
        await using var sides = await TwoSides.StartAsync(KeyFamily.Rsa,
            o => o with { ReverseConnectTo = [new Uri($"opc.tcp://{listener.LocalEndPoint}")] });
        var options = sides.Options(
            SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt, ClientUser.Anonymous);
        await using var client = new OpcUaClient(
            options with { Reverse = listener, ServerUri = TwoSides.ServerUri },
            TimeProvider.System, NullLogger.Instance);

        // Half a hello and none at all: neither keeps the server out.
        using var silent = await DialAsync(listener);
        using var garbage = await DialAsync(listener);
        await garbage.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.True(await EndsAsync(garbage));

        await client.ConnectAsync();
        var state = await client.ReadAsync([(NodeId)NodeIds.Server_ServerStatus_State]);
        Assert.Equal(0, state[0].Value.Get<int>());
        Assert.Equal(MessageSecurityMode.SignAndEncrypt, client.Endpoint!.SecurityMode);
    }

    [Fact]
    public async Task A_server_that_nobody_expects_does_not_get_in()
    {
        await using var listener = ReverseConnectListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System, NullLogger.Instance);
        await using var sides = await TwoSides.StartAsync(KeyFamily.Rsa,
            o => o with { ReverseConnectTo = [new Uri($"opc.tcp://{listener.LocalEndPoint}")] });
        var options = sides.Options(SecurityPolicy.None, MessageSecurityMode.None, ClientUser.Anonymous);
        await using var client = new OpcUaClient(
            options with
            {
                Reverse = listener,
                ServerUri = "urn:another",
                ReverseTimeout = TimeSpan.FromSeconds(2),
            },
            TimeProvider.System, NullLogger.Instance);
        var refused = await Assert.ThrowsAsync<OpcUaException>(() => client.ConnectAsync());
        Assert.Equal(StatusCodes.BadTimeout, refused.Status.Value);
        Assert.Contains("urn:another did not dial", refused.Message);
    }

    // Closed or reset, by what it had not read.
    private static async Task<bool> EndsAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<Socket> DialAsync(ReverseConnectListener listener)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint);
        return socket;
    }
}
