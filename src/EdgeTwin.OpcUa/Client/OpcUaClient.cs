using EdgeTwin.OpcUa.Client.Discovery;
using EdgeTwin.OpcUa.Client.Recovery;
using EdgeTwin.OpcUa.Client.Reverse;
using EdgeTwin.OpcUa.Client.Services;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Client;

/// <summary>
/// An OPC UA client. Connected once, it stays so: a lost connection, session or server is got back by itself, and
/// subscriptions go on (see <see cref="ClientSubscription"/>). Meanwhile requests fail at once with BadNotConnected.
/// Safe for concurrent callers.
/// <para>Every request throws <see cref="OpcUaException"/> when the server refuses it as a whole, does not answer in
/// time or is gone; what it refuses of a request has its status among the results. Long lists are split to the server's
/// limits. Structures of the server's own types come as <see cref="DynamicStructure"/> in their extension object, as
/// far as the server says what they look like.</para>
/// </summary>
public sealed class OpcUaClient : IAsyncDisposable
{
    private readonly OpcUaClientOptions options;
    private readonly IClientTransportFactory transports;
    private readonly TimeProvider time;
    private readonly SubscriptionHub hub;
    private readonly SessionKeeper keeper;

    /// <param name="options">How to connect.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets changes of state.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or does not go with another.</exception>
    public OpcUaClient(OpcUaClientOptions options, TimeProvider time, ILogger logger)
        : this(options, Transports(options, time), time, logger)
    {
    }

    internal OpcUaClient(
        OpcUaClientOptions options, IClientTransportFactory transports, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        this.transports = transports;
        this.time = time;
        hub = new SubscriptionHub(time);
        keeper = new SessionKeeper(options, transports, hub, time, logger);
    }

    /// <summary>Where the client stands.</summary>
    public ClientState State => keeper.State;

    /// <summary>Why there is no connection; null while there is one.</summary>
    public OpcUaException? LastFailure => keeper.LastFailure;

    /// <summary>The server's namespaces as of the last connect; null before the first.</summary>
    public NamespaceTable? Namespaces => keeper.Session?.Namespaces ?? hub.Restorer.LastNamespaces;

    /// <summary>The endpoint in use; null while there is none.</summary>
    public EndpointDescription? Endpoint => keeper.Session?.Target.Endpoint;

    /// <summary>Connects: one attempt. Once it succeeded, the client reconnects by itself.</summary>
    /// <exception cref="OpcUaException">The server cannot be reached, is not trusted, or refuses.</exception>
    public Task ConnectAsync(CancellationToken cancellation = default) => keeper.ConnectAsync(cancellation);

    /// <summary>The endpoints that the server at the configured address offers; needs no connection.</summary>
    public Task<EndpointDescription[]> GetEndpointsAsync(CancellationToken cancellation = default) =>
        Discovery().GetEndpointsAsync(options.EndpointUrl, cancellation);

    /// <summary>The servers that the one at the configured address knows; needs no connection.</summary>
    public Task<ApplicationDescription[]> FindServersAsync(CancellationToken cancellation = default) =>
        Discovery().FindServersAsync(options.EndpointUrl, cancellation);

    /// <summary>Reads the values of variables.</summary>
    public Task<DataValue[]> ReadAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var sought = new ReadValueId[nodes.Count];
        for (var i = 0; i < sought.Length; i++)
            sought[i] = new ReadValueId { NodeId = nodes[i], AttributeId = AttributeIds.Value };
        return ReadAsync(sought, cancellation: cancellation);
    }

    /// <summary>Reads attributes.</summary>
    /// <param name="nodes">Nodes, attributes and index ranges.</param>
    /// <param name="timestamps">Timestamps of values.</param>
    /// <param name="maxAge">How old a value of the server's cache may be; zero asks the device.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<DataValue[]> ReadAsync(IReadOnlyList<ReadValueId> nodes,
        TimestampsToReturn timestamps = TimestampsToReturn.Both, TimeSpan maxAge = default,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var session = Session;
        return await session.Types.ResolveAsync(
            await NodeServices.ReadAsync(session, nodes, timestamps, maxAge.TotalMilliseconds, cancellation),
            cancellation);
    }

    /// <summary>Writes the value of a variable, without status and times.</summary>
    /// <returns>Good, or why not.</returns>
    public async Task<StatusCode> WriteAsync(NodeId node, Variant value, CancellationToken cancellation = default)
    {
        var results = await WriteAsync(
            [new WriteValue { NodeId = node, AttributeId = AttributeIds.Value, Value = new DataValue(value) }],
            cancellation);
        return results[0];
    }

    /// <summary>Writes attributes.</summary>
    /// <returns>Good, or why not, for each.</returns>
    public Task<StatusCode[]> WriteAsync(IReadOnlyList<WriteValue> values, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return NodeServices.WriteAsync(Session, values, cancellation);
    }

    /// <summary>Calls a method.</summary>
    /// <returns>Its status, and its output arguments when that is good.</returns>
    public async Task<CallMethodResult> CallAsync(
        NodeId objectId, NodeId methodId, IReadOnlyList<Variant> arguments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var session = Session;
        var results = await NodeServices.CallAsync(
            session,
            [new CallMethodRequest { ObjectId = objectId, MethodId = methodId, InputArguments = [.. arguments] }],
            cancellation);
        await session.Types.ResolveAsync(results[0].OutputArguments, cancellation);
        return results[0];
    }

    /// <summary>Browses below nodes, to any depth, each node once.</summary>
    public Task<BrowseOutcome> BrowseAsync(
        IReadOnlyList<NodeId> starts, BrowseOptions? how = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(starts);
        return new BrowseCrawler(Session, how ?? new BrowseOptions()).RunAsync(starts, cancellation);
    }

    /// <summary>Finds nodes by their browse paths.</summary>
    public Task<BrowsePathResult[]> TranslateAsync(
        IReadOnlyList<BrowsePath> paths, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return NodeServices.TranslateAsync(Session, paths, cancellation);
    }

    /// <summary>Registers nodes that are read and written often. The ids are valid until the session is lost.</summary>
    public Task<NodeId[]> RegisterAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return NodeServices.RegisterAsync(Session, nodes, cancellation);
    }

    /// <summary>Reads the stored values of a variable, page by page, oldest first.</summary>
    /// <param name="node">The variable.</param>
    /// <param name="from">First time, included, UTC.</param>
    /// <param name="to">Last time, excluded, UTC.</param>
    /// <param name="pageSize">Most values of a page; 0 leaves it to the server.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<DataValue[]> ReadHistoryAsync(NodeId node, DateTime from, DateTime to,
        uint pageSize = 10_000, CancellationToken cancellation = default) =>
        HistoryServices.ReadAsync(
            Session, node,
            new ReadRawModifiedDetails { StartTime = from, EndTime = to, NumValuesPerNode = pageSize },
            TimestampsToReturn.Both, cancellation);

    /// <summary>Reads aggregates of a variable's stored values, page by page.</summary>
    /// <param name="node">The variable.</param>
    /// <param name="aggregate">The aggregate function, such as <c>NodeIds.AggregateFunction_Average</c>.</param>
    /// <param name="from">Start of the first interval, UTC.</param>
    /// <param name="to">End of the last interval, UTC.</param>
    /// <param name="interval">Length of an interval.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<DataValue[]> ReadProcessedHistoryAsync(NodeId node, NodeId aggregate, DateTime from,
        DateTime to, TimeSpan interval, CancellationToken cancellation = default) =>
        HistoryServices.ReadAsync(
            Session, node,
            new ReadProcessedDetails
            {
                StartTime = from,
                EndTime = to,
                ProcessingInterval = interval.TotalMilliseconds,
                AggregateType = [aggregate],
                AggregateConfiguration = new AggregateConfiguration { UseServerCapabilitiesDefaults = true },
            },
            TimestampsToReturn.Both, cancellation);

    /// <summary>Creates a subscription; add items to it. Lives until it or the client is disposed.</summary>
    public Task<ClientSubscription> SubscribeAsync(
        SubscriptionOptions? how = null, CancellationToken cancellation = default) =>
        hub.CreateAsync(how ?? new SubscriptionOptions(), cancellation);

    /// <summary>Closes the session on the server and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (State == ClientState.Closed) return;
        await keeper.DisposeAsync();
        await hub.DisposeAsync();
    }

    private ClientSession Session => keeper.Session
        ?? throw new OpcUaException(StatusCodes.BadNotConnected,
            keeper.LastFailure is { } why ? $"there is no session: {why.Message}" : "there is no session");

    private static IClientTransportFactory Transports(OpcUaClientOptions options, TimeProvider time) =>
        options?.Reverse is { } listener
            ? new ReverseTransportFactory(listener, options, time)
            : new ChannelTransportFactory(options!, time);

    private DiscoveryClient Discovery() => new(transports, options.ConnectTimeout, time);
}
