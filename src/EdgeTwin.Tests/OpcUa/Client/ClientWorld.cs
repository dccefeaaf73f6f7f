using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>A client on a manual clock, its scripted server, and one subscription whose notices are read.</summary>
internal sealed class ClientWorld : IAsyncDisposable
{
    // Looks, a millisecond apart, that find no work waiting: a thread that lost its processor is not seen by one.
    private const int Quiet = 2;

    private ClientWorld(SubscriptionOptions? how)
    {
        Clock = new ManualTimeProvider();
        Server = new ScriptedServer(Clock);
        Client = new OpcUaClient(
            new OpcUaClientOptions
            {
                EndpointUrl = new Uri("opc.tcp://plant:4840"),
                ApplicationUri = "urn:client",
                SecurityMode = EdgeTwin.OpcUa.Schema.MessageSecurityMode.None,
                Jitter = static () => 0.5,
            }, Server, Clock, NullLogger.Instance);
        How = how ?? new SubscriptionOptions();
    }

    public ManualTimeProvider Clock { get; }

    public ScriptedServer Server { get; }

    public OpcUaClient Client { get; }

    public SubscriptionOptions How { get; }

    public ClientSubscription Subscription { get; private set; } = null!;

    public List<SubscriptionNotice> Notices { get; } = [];

    /// <summary>All values so far, in order.</summary>
    public IEnumerable<int> Values => Read().OfType<DataChangeNotice>().SelectMany(static n => n.Changes)
        .Where(static c => c.Value.Status.IsGood).Select(static c => c.Value.Value.Get<int>());

    /// <summary>Connects and watches the nodes.</summary>
    public static async Task<ClientWorld> StartAsync(SubscriptionOptions? how = null, params string[] nodes)
    {
        var world = new ClientWorld(how);
        await world.Client.ConnectAsync();
        world.Subscription = await world.Client.SubscribeAsync(world.How);
        await world.Subscription.AddAsync([.. nodes.DefaultIfEmpty("a").Select(Item)]);
        await world.Clock.UntilAsync(() => world.Server.WaitingPublishRequests > 0, "publishing");
        return world;
    }

    public static ItemOptions Item(string node) => new() { Node = new NodeId(2, node) };

    public List<SubscriptionNotice> Read()
    {
        while (Subscription.Notices.TryRead(out var notice)) Notices.Add(notice);
        return Notices;
    }

    public T? Find<T>()
        where T : SubscriptionNotice => Read().OfType<T>().FirstOrDefault();

    /// <summary>Lets time pass until something holds: in small steps, each after what the last one woke has
    /// run.</summary>
    public async Task PassUntilAsync(Func<bool> holds)
    {
        var end = Clock.Elapsed + TimeSpan.FromMinutes(3);
        while (true)
        {
            for (var quiet = 0; quiet < Quiet && !holds();)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
            }

            if (holds()) return;
            Assert.True(Clock.Elapsed < end, "it did not hold within 3 min of manual time");
            Clock.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    /// <summary>Lets time pass until a value arrives.</summary>
    public Task PassUntilValueAsync(int value) => PassUntilAsync(() => Values.LastOrDefault() == value);

    public async ValueTask DisposeAsync()
    {
        var disposing = Client.DisposeAsync().AsTask();
        await PassUntilAsync(() => disposing.IsCompleted); // a dead server is waited for
        await disposing;
    }
}
