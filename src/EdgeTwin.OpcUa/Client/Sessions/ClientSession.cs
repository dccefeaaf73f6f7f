using EdgeTwin.OpcUa.Client.DataTypes;
using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>A session on one channel. When the channel goes, this goes; the secrets may live on with the
/// next.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly IClientTransport transport;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly Action<ClientSession, Loss> onLoss;
    private uint handle;

    public ClientSession(IClientTransport transport, SessionTarget target, SessionSecrets secrets, TimeSpan timeout,
        TimeProvider time, Action<ClientSession, Loss> onLoss)
    {
        this.transport = transport;
        Target = target;
        Secrets = secrets;
        this.timeout = timeout;
        this.time = time;
        this.onLoss = onLoss;
        Types = new ServerTypes(this);
    }

    public SessionTarget Target { get; }

    public SessionSecrets Secrets { get; }

    public NamespaceTable Namespaces { get; set; } = new([]);

    public OperationLimits Limits { get; set; } = new();

    /// <summary>The server's own structures, as far as they were met.</summary>
    public ServerTypes Types { get; }

    public Task<StatusCode> Closed => transport.Closed;

    /// <summary>A fresh header for one request; without a hint, that of an ordinary request.</summary>
    public RequestHeader Header(TimeSpan? hint = null, ExtensionObject? additional = null) => new()
    {
        AuthenticationToken = Secrets.AuthenticationToken,
        Timestamp = time.GetUtcNow().UtcDateTime,
        RequestHandle = Interlocked.Increment(ref handle),
        TimeoutHint = (uint)(hint ?? timeout).TotalMilliseconds,
        AdditionalHeader = additional,
    };

    /// <exception cref="OpcUaException">The server refuses, does not answer, or is gone.</exception>
    public ValueTask<TResponse> SendAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellation)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse> =>
        SendAsync<TRequest, TResponse>(request, timeout, cancellation);

    /// <exception cref="OpcUaException">The server refuses, does not answer, or is gone. What that says about the
    /// session is reported on the way.</exception>
    public async ValueTask<TResponse> SendAsync<TRequest, TResponse>(
        TRequest request, TimeSpan patience, CancellationToken cancellation)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse>
    {
        try
        {
            var response = await transport.SendAsync<TRequest, TResponse>(request, patience, cancellation);
            var result = response.ResponseHeader.ServiceResult;
            return result.IsBad
                ? throw new OpcUaException(result, $"the server refuses a {typeof(TRequest).Name}")
                : response;
        }
        catch (OpcUaException e)
        {
            var kind = Loss.KindOf(e.Status);
            if (kind != LossKind.None) onLoss(this, new Loss(kind, e.Status));
            throw;
        }
    }

    /// <summary>Tells the keeper what was found out otherwise than by a failed request.</summary>
    public void Report(Loss loss) => onLoss(this, loss);

    public ValueTask DisposeAsync() => transport.DisposeAsync();
}
