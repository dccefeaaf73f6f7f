using System.Threading.Channels;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Reverse;

/// <summary>Opens secure channels over connections that the server dials.</summary>
internal sealed class ReverseTransportFactory : IClientTransportFactory
{
    private readonly ReverseConnectListener listener;
    private readonly OpcUaClientOptions options;
    private readonly TimeProvider time;
    private readonly string server;

    public ReverseTransportFactory(ReverseConnectListener listener, OpcUaClientOptions options, TimeProvider time)
    {
        (this.listener, this.options, this.time) = (listener, options, time);
        server = options.ServerUri ?? "";
        listener.Expect(server);
    }

    public async Task<IClientTransport> ConnectAsync(TransportTarget target, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.ReverseTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        ReverseConnection? dialled = null;
        try
        {
            dialled = await listener.TakeAsync(server, either.Token);
            using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
            dialled.Socket.NoDelay = true;
            return new ChannelTransport(await ClientConnection.OpenAsync(dialled.Socket, dialled.EndpointUrl,
                new ClientSecurity(target.Policy, target.Mode, target.Certificate, target.ServerCertificate),
                new ClientConnectionOptions { ConnectTimeout = options.ConnectTimeout, Limits = options.Limits }, time,
                both.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            dialled?.Socket.Dispose();
            throw new OpcUaException(StatusCodes.BadTimeout, dialled is null
                ? $"the server {server} did not dial {listener.LocalEndPoint} within "
                    + $"{options.ReverseTimeout.TotalSeconds:0.#} s"
                : $"the server {server} dialled and did not open a channel within "
                    + $"{options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch (ChannelClosedException e)
        {
            throw new OpcUaException(StatusCodes.BadNotConnected, "the listener for servers has ended", e);
        }
        catch
        {
            dialled?.Socket.Dispose();
            throw;
        }
    }
}
