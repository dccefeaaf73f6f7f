using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>A session of the rig: calls services as the dispatcher would.</summary>
internal sealed class TestSession
{
    private readonly SubscriptionRig rig;
    private uint lastRequest;

    public TestSession(SubscriptionRig rig, UserIdentity user, string application, MessageSecurityMode mode)
    {
        this.rig = rig;
        var name = $"session {rig.NextSession()}";
        Session = new Session(10)
        {
            SessionId = new NodeId(1, name),
            Name = name,
            Client = new ApplicationDescription { ApplicationUri = application },
            SecurityMode = mode,
            SecurityPolicyUri = "http://opcfoundation.org/UA/SecurityPolicy#None",
            User = user,
            Connection = Connection,
        };
    }

    public Session Session { get; }

    public FakeConnection Connection { get; } = new();

    /// <summary>Creates a subscription; 100 ms, a keep-alive every 10 cycles, unless said otherwise.</summary>
    public CreateSubscriptionResponse Subscribe(double interval = 100, uint keepAlive = 10, uint lifetime = 1000,
        uint most = 0, byte priority = 0, bool enabled = true) =>
        Answer<CreateSubscriptionResponse>(rig.Subscriptions.Create(
            new CreateSubscriptionRequest
            {
                RequestedPublishingInterval = interval,
                RequestedMaxKeepAliveCount = keepAlive,
                RequestedLifetimeCount = lifetime,
                MaxNotificationsPerPublish = most,
                Priority = priority,
                PublishingEnabled = enabled,
            },
            Context()));

    /// <summary>Creates an item on a node's value; its client handle is the last argument.</summary>
    public MonitoredItemCreateResult Watch(uint subscription, NodeId node, uint queue = 1, bool discardOldest = true,
        double sampling = 0, MonitoringMode mode = MonitoringMode.Reporting, IStructure? filter = null,
        uint attribute = AttributeIds.Value, string? range = null, uint handle = 1,
        TimestampsToReturn timestamps = TimestampsToReturn.Both) =>
        Assert.Single(Answer<CreateMonitoredItemsResponse>(rig.Items.Create(
            new CreateMonitoredItemsRequest
            {
                SubscriptionId = subscription,
                TimestampsToReturn = timestamps,
                ItemsToCreate =
                [
                    new MonitoredItemCreateRequest
                    {
                        ItemToMonitor = new ReadValueId { NodeId = node, AttributeId = attribute, IndexRange = range },
                        MonitoringMode = mode,
                        RequestedParameters = new MonitoringParameters
                        {
                            ClientHandle = handle,
                            SamplingInterval = sampling,
                            QueueSize = queue,
                            DiscardOldest = discardOldest,
                            Filter = filter is null ? null : new ExtensionObject(filter),
                        },
                    },
                ],
            },
            Context())).Results);

    /// <summary>Sends a Publish request.</summary>
    /// <returns>Its id.</returns>
    public uint Publish(params (uint Subscription, uint Number)[] acknowledge) => Publish(0, acknowledge);

    /// <summary>Sends a Publish request that is waited for so many milliseconds.</summary>
    public uint Publish(uint timeoutHint, (uint Subscription, uint Number)[] acknowledge)
    {
        using var body = MessageBuffer.Rent(1_000_000);
        var writer = new UaWriter(body);
        writer.WriteInt32(acknowledge.Length);
        foreach (var (subscription, number) in acknowledge)
        {
            writer.WriteUInt32(subscription);
            writer.WriteUInt32(number);
        }

        var context = Context(timeoutHint);
        var reader = new UaReader(body.Written, EncodingLimits.Default);
        rig.Subscriptions.Publish(ref reader, context);
        return context.RequestId;
    }

    /// <summary>The next Publish response.</summary>
    public PublishResponse Response() => Connection.Take<PublishResponse>().Message;

    /// <summary>The next data changes: handle and value of each.</summary>
    public MonitoredItemNotification[] Changes() => ChangesOf(Response().NotificationMessage);

    /// <summary>The next values, as doubles, in their order.</summary>
    public double[] Values() => Array.ConvertAll(Changes(), static change => change.Value.Value.Get<double>());

    /// <summary>The next response is a keep-alive.</summary>
    public void ExpectKeepAlive() => Assert.Empty(Response().NotificationMessage.NotificationData);

    public void ExpectNothing() => Assert.Null(Connection.TryTake());

    /// <summary>Takes the response to a Publish that failed.</summary>
    public StatusCode Fault() => Connection.Take<ServiceFault>().Message.ResponseHeader.ServiceResult;

    public static MonitoredItemNotification[] ChangesOf(NotificationMessage message) =>
        Assert.Single(message.NotificationData)!.As<DataChangeNotification>()!.MonitoredItems;

    public static T Answer<T>(ValueTask<IServiceResponse> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully);
        return Assert.IsType<T>(answer.GetAwaiter().GetResult());
    }

    public RequestContext Context(uint timeoutHint = 0) => new()
    {
        Session = Session,
        Connection = Connection,
        RequestId = ++lastRequest,
        RequestHandle = lastRequest,
        TimeoutHint = timeoutHint,
        UtcNow = rig.Clock.UtcNow,
        Timestamp = rig.Clock.GetTimestamp(),
    };
}
