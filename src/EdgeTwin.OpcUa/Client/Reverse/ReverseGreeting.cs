using System.Net.Sockets;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Reverse;

/// <summary>Reads the one message that a server begins with, RHE, and not a byte more: what follows is the
/// channel's.</summary>
internal static class ReverseGreeting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="OpcUaException">It is no RHE, one without an application or an endpoint, or none came in
    /// time.</exception>
    public static async Task<ReverseHelloMessage> ReadAsync(
        Socket socket, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var bytes = new byte[ReverseHelloMessage.MaxBytes];
            await ReceiveAsync(socket, bytes.AsMemory(0, Frame.HeaderBytes), either.Token);
            var frame = Frame.Read(bytes, 0, bytes.Length);
            if (frame.Type != MessageType.ReverseHello)
                throw new OpcUaException(StatusCodes.BadTcpMessageTypeInvalid, $"{frame.Type} where RHE is due");
            await ReceiveAsync(socket, bytes.AsMemory(Frame.HeaderBytes, frame.Length - Frame.HeaderBytes),
                either.Token);
            var hello = ReverseHelloMessage.Read(frame.Span);
            if (string.IsNullOrEmpty(hello.ServerUri))
                throw new OpcUaException(StatusCodes.BadServerUriInvalid, "RHE names no application");
            return Uri.TryCreate(hello.EndpointUrl, UriKind.Absolute, out var url) && url.Scheme == "opc.tcp"
                ? hello
                : throw new OpcUaException(StatusCodes.BadTcpEndpointUrlInvalid,
                    $"RHE of {hello.ServerUri} names the endpoint '{hello.EndpointUrl}', which is no opc.tcp address");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OpcUaException(StatusCodes.BadTimeout, $"no RHE came within {Patience.TotalSeconds:0} s");
        }
    }

    private static async Task ReceiveAsync(Socket socket, Memory<byte> into, CancellationToken cancellation)
    {
        while (!into.IsEmpty)
        {
            var count = await socket.ReceiveAsync(into, cancellation);
            if (count == 0) throw new OpcUaException(StatusCodes.BadConnectionClosed, "the server left in its RHE");
            into = into[count..];
        }
    }
}
