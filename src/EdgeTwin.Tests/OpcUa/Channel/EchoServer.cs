using System.Net;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>A listener on a free port of 127.0.0.1 whose server answers every request with the request.</summary>
internal sealed class EchoServer : IServerConnectionHandler, IAsyncDisposable
{
    private static readonly OwnCertificate ClientRsa = new(TestKeys.Rsa);
    private static readonly OwnCertificate ClientP256 = new(TestKeys.For(SecurityPolicy.EccNistP256));
    private static readonly OwnCertificate ClientP384 = new(TestKeys.For(SecurityPolicy.EccNistP384));
    private readonly TimeProvider time;
    private int opened, closed;

    public EchoServer(
        ListenerOptions? options = null, TimeProvider? time = null, ILogger? logger = null,
        OwnCertificate? certificate = null)
    {
        Security = new TestServerSecurity { OfRsa = certificate ?? TestServerSecurity.Rsa };
        this.time = time ?? TimeProvider.System;
        Listener = OpcUaListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), this, Security, options ?? new(), this.time,
            logger ?? NullLogger.Instance);
    }

    public TestServerSecurity Security { get; }

    public OpcUaListener Listener { get; }

    public Uri Url => new($"opc.tcp://127.0.0.1:{Listener.LocalEndPoint.Port}/echo");

    public int Opened => Volatile.Read(ref opened);

    public int Closed => Volatile.Read(ref closed);

    public StatusCode LastReason { get; private set; }

    /// <summary>What happens instead of the echo.</summary>
    public Action<ServerConnection, uint, byte[]>? OnRequest { get; set; }

    public static OwnCertificate ClientCertificate(SecurityPolicy policy) => policy.Family switch
    {
        KeyFamily.NistP256 => ClientP256,
        KeyFamily.NistP384 => ClientP384,
        _ => ClientRsa,
    };

    public ClientSecurity With(SecurityPolicy policy, MessageSecurityMode mode) => policy.IsSecure
        ? new ClientSecurity(policy, mode, ClientCertificate(policy), Security.CertificateFor(policy).Chain)
        : ClientSecurity.None;

    public Task<ClientConnection> ConnectAsync(
        ClientSecurity? security = null, ClientConnectionOptions? options = null) => ClientConnection.ConnectAsync(
            Url, security ?? ClientSecurity.None, options ?? new ClientConnectionOptions(), time, default);

    /// <summary>Sends a message and gives back the answer.</summary>
    public static async Task<byte[]> AskAsync(ClientConnection client, byte[] message)
    {
        using var answer = await client.RequestAsync(
            Buffer(client.RentBuffer(), message), TimeSpan.FromSeconds(20), default);
        return answer.Body.ToArray();
    }

    public static MessageBuffer Buffer(MessageBuffer buffer, ReadOnlySpan<byte> message)
    {
        new UaWriter(buffer).WriteRaw(message);
        return buffer;
    }

    /// <summary>A connection of bare bytes.</summary>
    public async Task<RawPeer> DialAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Listener.LocalEndPoint);
        return new RawPeer(socket);
    }

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    void IServerConnectionHandler.OnOpened(ServerConnection connection) => Interlocked.Increment(ref opened);

    void IServerConnectionHandler.OnRequest(
        ServerConnection connection, uint requestId, ReadOnlySpan<byte> message)
    {
        if (OnRequest is { } scripted) scripted(connection, requestId, message.ToArray());
        else connection.Send(requestId, Buffer(connection.RentBuffer(), message));
    }

    void IServerConnectionHandler.OnClosed(ServerConnection connection, StatusCode reason)
    {
        LastReason = reason;
        Interlocked.Increment(ref closed);
    }
}
