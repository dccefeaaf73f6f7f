using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;
using TagStatus = EdgeTwin.Tags.StatusCode;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>The connection of one source to its server, and which node each tag is.</summary>
internal sealed class OpcUaLink : IAsyncDisposable
{
    private readonly SourceContext context;
    private readonly OpcUaSourceConfig config;
    private readonly Dictionary<TagId, OpcUaTarget> byTag;
    private OpcUaClient? client;
    private OpcUaIdentity? identity;

    public OpcUaLink(SourceContext context)
    {
        this.context = context;
        config = (OpcUaSourceConfig)context.Config;
        Targets = [.. context.Tags.Select(tag => new OpcUaTarget(tag, AddressOf(tag)))];
        byTag = Targets.ToDictionary(target => target.Tag.Definition.Id);
    }

    public IReadOnlyList<OpcUaTarget> Targets { get; }

    public OpcUaClient Client => client ?? throw new InvalidOperationException("not connected");

    /// <summary>Connects, and finds the nodes of browse paths.</summary>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var policy = SecurityPolicy.ByName(config.Policy)
            ?? throw new InvalidOperationException($"there is no policy '{config.Policy}'");
        var pki = config.Pki is { } folder
            ? Path.Combine(context.BaseFolder, folder) : Path.Combine(context.DataFolder, "pki");
        identity = OpcUaIdentity.Open(
            pki, $"urn:edgetwin:gateway:{context.GatewayId}", $"EdgeTwin {context.GatewayId}", policy,
            config.Trust == OpcUaTrust.InsecureAny, context.Time, context.Logger);
        client = new OpcUaClient(
            new OpcUaClientOptions
            {
                EndpointUrl = config.Endpoint,
                SecurityPolicy = policy,
                SecurityMode = !policy.IsSecure ? MessageSecurityMode.None
                    : config.Mode == OpcUaMode.Sign ? MessageSecurityMode.Sign : MessageSecurityMode.SignAndEncrypt,
                User = config.User is { } user ? new PasswordUser(user, Password()) : ClientUser.Anonymous,
                Certificate = identity.For(policy),
                Validator = identity,
                ApplicationUri = identity.ApplicationUri,
                ApplicationName = $"EdgeTwin {context.GatewayId}",
                SessionName = $"{context.GatewayId}/{context.Name}",
                ConnectTimeout = config.Timeout,
                RequestTimeout = config.Timeout,
                KeepAliveInterval = config.KeepAlive,
                KeepAliveTimeout = config.KeepAlive,
            }, context.Time, context.Logger);
        await client.ConnectAsync(cancellation);
        await FindNodesAsync(cancellation);
    }

    /// <summary>Follows the browse paths anew.</summary>
    /// <returns>Tags whose node is another than before.</returns>
    public async Task<IReadOnlyList<OpcUaTarget>> FindNodesAsync(CancellationToken cancellation)
    {
        var moved = new List<OpcUaTarget>();
        BrowsePathFinder? finder = null;
        foreach (var target in Targets)
        {
            if (target.Address.Path is not { } path) continue;
            finder ??= new BrowsePathFinder(Client);
            var found = await finder.FindAsync(path, cancellation);
            ExpandedNodeId? node = found is { } local ? Client.Namespaces!.Pin(local) : null;
            if (node == target.Node) continue;
            target.Node = node;
            target.ServerType = BuiltInType.Null;
            moved.Add(target);
        }

        return moved;
    }

    /// <summary>Reads tags now; those without a node, or whose namespace the server does not have, are bad.</summary>
    /// <exception cref="OpcUaException">The request failed as a whole.</exception>
    public async Task ReadAsync(IReadOnlyList<OpcUaTarget> targets, SampleBatch into, CancellationToken cancellation)
    {
        var nodes = new List<NodeId>(targets.Count);
        var read = new List<OpcUaTarget>(targets.Count);
        foreach (var target in targets)
        {
            if (NodeOf(target) is not { } node)
            {
                into.Add(Bad(target, TagStatus.BadNodeIdUnknown));
                continue;
            }

            nodes.Add(node);
            read.Add(target);
        }

        if (nodes.Count == 0) return;
        var values = await Client.ReadAsync(nodes, cancellation);
        for (var i = 0; i < values.Length; i++) into.Add(ToSample(read[i], values[i]));
    }

    /// <summary>Reads one tag now.</summary>
    public async ValueTask<Sample> ReadBackAsync(TagId tag, CancellationToken cancellation)
    {
        var batch = SampleBatch.Rent();
        try
        {
            await ReadAsync([byTag[tag]], batch, cancellation);
            return batch.Samples[0];
        }
        catch (OpcUaException refused) when (Client.State == ClientState.Connected)
        {
            return Bad(byTag[tag], new TagStatus(refused.Status.Value));
        }
        finally
        {
            batch.Return();
        }
    }

    /// <summary>Writes a tag in the server's own data type.</summary>
    public async ValueTask<TagStatus> WriteAsync(TagId tag, TagValue value, CancellationToken cancellation)
    {
        var target = byTag[tag];
        if (NodeOf(target) is not { } node) return TagStatus.BadNodeIdUnknown;
        if (target.ServerType == BuiltInType.Null)
        {
            var present = await Client.ReadAsync([node], cancellation);
            target.ServerType = present[0].Value.Type;
        }

        var raw = target.Tag.IsScaled ? TagValue.From(target.Tag.ToRaw(value.AsDouble())) : value;
        var type = target.ServerType == BuiltInType.Null
            ? (BuiltInType)(byte)target.Tag.Config.Type : target.ServerType;
        var variant = OpcUaValue.ToVariant(raw, type);
        if (variant.IsNull || variant.Type != type) return TagStatus.BadTypeMismatch;
        return new TagStatus((await Client.WriteAsync(node, variant, cancellation)).Value);
    }

    public Sample ToSample(OpcUaTarget target, in DataValue value) =>
        OpcUaValue.ToSample(target.Tag, value, UtcNow(), context.Clock());

    public Sample Bad(OpcUaTarget target, TagStatus status)
    {
        var now = UtcNow();
        return new Sample(target.Tag.Definition.Id, TagValue.None, status, now, now, context.Clock());
    }

    /// <summary>The node as the server numbers it today; null when it has none.</summary>
    public NodeId? NodeOf(OpcUaTarget target) =>
        target.Node is { } node && Client.Namespaces is { } table && table.TryResolve(node, out var resolved)
            ? resolved : null;

    public OpcUaTarget? Find(TagId tag) => byTag.GetValueOrDefault(tag);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref client, null) is { } connected) await connected.DisposeAsync();
        identity?.Dispose();
        identity = null;
    }

    private string Password() =>
        config.Password is { } secret ? SecretReader.Read(secret, context.BaseFolder) : "";

    private DateTime UtcNow() => context.Time.GetUtcNow().UtcDateTime;

    // CheckTag refuses what is no address; a tag that came another way has no node.
    private static OpcUaAddress AddressOf(SourceTag tag) =>
        OpcUaAddress.TryParse(tag.Config.Address, out var address, out _) ? address
            : OpcUaAddress.Nowhere;
}
