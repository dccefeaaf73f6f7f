using System.Net.Sockets;

namespace EdgeTwin.OpcUa.Client.Reverse;

/// <summary>A connection that a server dialled, on which it waits for HEL.</summary>
/// <param name="Socket">The socket, whoever takes it owns it.</param>
/// <param name="EndpointUrl">What the server wants to be called in HEL.</param>
internal sealed record ReverseConnection(Socket Socket, string EndpointUrl)
{
    /// <summary>A server that waits for HEL says nothing; bytes or an end mean that it gave up.</summary>
    public bool IsWaiting => !Socket.Poll(0, SelectMode.SelectRead);
}
