using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>A server of sessions and subscriptions without bytes and sockets, which does what a test tells
/// it.</summary>
internal sealed class ScriptedServer(TimeProvider time) : IClientTransportFactory
{
    public const string PlantUri = "urn:plant";

    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, NodeId> sessions = []; // by authentication token
    private readonly Queue<(ScriptedTransport Transport, NodeId Session, TaskCompletionSource<IServiceResponse> Answer)>
        publishing = new();
    private readonly Dictionary<Type, uint> refused = [];
    private readonly HashSet<Type> unanswered = [];
    private uint last;

    public List<ScriptedTransport> Transports { get; } = [];

    public List<ScriptedSubscription> Subscriptions { get; } = [];

    public List<(uint Subscription, uint Sequence)> Acknowledged { get; } = [];

    /// <summary>Names of the requests, in order, but for Publish.</summary>
    public List<string> Requests { get; } = [];

    public string?[] Namespaces { get; set; } = ["http://opcfoundation.org/UA/", "urn:server", PlantUri];

    public HashSet<string> Unknown { get; } = [];

    public bool IsReachable { get; set; } = true;

    /// <summary>Whether subscriptions say nothing, not even that they live.</summary>
    public bool IsSilent { get; set; }

    public int MostPublishRequests { get; set; } = 100;

    public int WaitingPublishRequests
    {
        get
        {
            lock (gate) return publishing.Count;
        }
    }

    public ScriptedSubscription Only => Subscriptions.Single();

    /// <summary>Answers every request of a kind with a fault.</summary>
    public void Refuse<TRequest>(uint status) => refused[typeof(TRequest)] = status;

    public void Allow<TRequest>() => refused.Remove(typeof(TRequest));

    /// <summary>Does what the next request of a kind asks, and loses the answer.</summary>
    public void LoseAnswerOf<TRequest>() => unanswered.Add(typeof(TRequest));

    public Task<IClientTransport> ConnectAsync(TransportTarget target, CancellationToken cancellation)
    {
        if (!IsReachable) throw new OpcUaException(StatusCodes.BadConnectionRejected, "nobody there");
        var transport = new ScriptedTransport(this, time);
        lock (gate) Transports.Add(transport);
        return Task.FromResult<IClientTransport>(transport);
    }

    /// <summary>Breaks every connection; sessions and subscriptions stay.</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            publishing.Clear();
            foreach (var transport in Transports) transport.Close(StatusCodes.BadConnectionClosed);
        }
    }

    /// <summary>Nothing passes on the connections of now, and nobody is told.</summary>
    public void Swallow()
    {
        lock (gate)
        {
            publishing.Clear();
            foreach (var transport in Transports) transport.IsDead = true;
        }
    }

    public void ForgetSessions()
    {
        lock (gate) sessions.Clear();
    }

    public void ForgetSubscriptions()
    {
        lock (gate)
        {
            Subscriptions.Clear();
            while (publishing.TryDequeue(out var request)) Fault(request.Answer, StatusCodes.BadNoSubscription);
        }
    }

    /// <summary>Sends a value of an item, or keeps it until it can be sent.</summary>
    public void Emit(string node, int value, bool lose = false)
    {
        lock (gate)
        {
            var subscription = Only;
            var handle = subscription.Items[new NodeId((ushort)Array.IndexOf(Namespaces, PlantUri), node)];
            var message = new NotificationMessage
            {
                SequenceNumber = subscription.Next++,
                PublishTime = time.GetUtcNow().UtcDateTime,
                NotificationData =
                [
                    new ExtensionObject(new DataChangeNotification
                    {
                        MonitoredItems =
                        [
                            new MonitoredItemNotification { ClientHandle = handle, Value = new DataValue(value) },
                        ],
                    }),
                ],
            };
            subscription.Sent[message.SequenceNumber] = message;
            if (!lose) subscription.Waiting.Enqueue(message);
            Flush();
        }
    }

    /// <summary>Says of every subscription that it lives.</summary>
    public void KeepAlive()
    {
        lock (gate)
        {
            foreach (var subscription in Subscriptions.Where(static s => s.Waiting.Count == 0))
                Publish(subscription, new NotificationMessage { SequenceNumber = subscription.Next });
        }
    }

    public Task<IServiceResponse> Answer(ScriptedTransport transport, IServiceRequest request)
    {
        lock (gate)
        {
            if (request is not PublishRequest)
                Requests.Add(request.GetType().Name.Replace("Request", "", StringComparison.Ordinal));
            if (refused.TryGetValue(request.GetType(), out var status)) throw Refusal(status);
            if (NeedsSession(request) && !sessions.ContainsKey(request.RequestHeader.AuthenticationToken))
                throw Refusal(StatusCodes.BadSessionIdInvalid);
            if (request is PublishRequest publish) return Take(transport, publish);
            var answer = Do(request);
            return unanswered.Remove(request.GetType())
                ? new TaskCompletionSource<IServiceResponse>().Task
                : Task.FromResult(answer);
        }
    }

    private static bool NeedsSession(IServiceRequest request) =>
        request is not (GetEndpointsRequest or CreateSessionRequest);

    private static OpcUaException Refusal(uint status) => new(status, "scripted");

    private static void Fault(TaskCompletionSource<IServiceResponse> answer, uint status) =>
        answer.TrySetException(Refusal(status));

    private IServiceResponse Do(IServiceRequest request)
    {
        var session = sessions.GetValueOrDefault(request.RequestHeader.AuthenticationToken);
        switch (request)
        {
            case GetEndpointsRequest:
                return new GetEndpointsResponse { Endpoints = [Endpoint()] };
            case CreateSessionRequest create:
                var id = new NodeId(1, ++last);
                var token = new NodeId(0, Guid.Parse($"00000000-0000-0000-0000-{last:D12}"));
                sessions[token] = id;
                return new CreateSessionResponse
                {
                    SessionId = id,
                    AuthenticationToken = token,
                    RevisedSessionTimeout = create.RequestedSessionTimeout,
                    ServerEndpoints = [Endpoint()],
                };
            case ActivateSessionRequest:
                return new ActivateSessionResponse();
            case CloseSessionRequest:
                return new CloseSessionResponse();
            case ReadRequest read:
                if (!IsSilent && read.NodesToRead is [{ NodeId.Number: NodeIds.Server_ServerStatus_State }])
                    KeepAlive();
                return new ReadResponse { Results = Array.ConvertAll(read.NodesToRead, Read) };
            case CreateSubscriptionRequest create:
                var made = new ScriptedSubscription(++last, session);
                Subscriptions.Add(made);
                return new CreateSubscriptionResponse
                {
                    SubscriptionId = made.Id,
                    RevisedPublishingInterval = create.RequestedPublishingInterval,
                    RevisedLifetimeCount = create.RequestedLifetimeCount,
                    RevisedMaxKeepAliveCount = create.RequestedMaxKeepAliveCount,
                };
            case CreateMonitoredItemsRequest create:
                var owner = Find(create.SubscriptionId);
                return new CreateMonitoredItemsResponse
                {
                    Results = Array.ConvertAll(create.ItemsToCreate, i => Create(owner, i)),
                };
            case DeleteSubscriptionsRequest delete:
                Subscriptions.RemoveAll(s => delete.SubscriptionIds.Contains(s.Id));
                return new DeleteSubscriptionsResponse { Results = new StatusCode[delete.SubscriptionIds.Length] };
            case SetPublishingModeRequest mode:
                return new SetPublishingModeResponse
                {
                    Results = Array.ConvertAll(mode.SubscriptionIds, i => Has(i, s => s.Session == session)),
                };
            case TransferSubscriptionsRequest transfer:
                foreach (var subscription in Subscriptions.Where(s => transfer.SubscriptionIds.Contains(s.Id)))
                    subscription.Session = session;
                return new TransferSubscriptionsResponse
                {
                    Results = Array.ConvertAll(transfer.SubscriptionIds,
                        i => new TransferResult { StatusCode = Has(i, static _ => true) }),
                };
            case RepublishRequest republish:
                return Find(republish.SubscriptionId).Sent.TryGetValue(republish.RetransmitSequenceNumber, out var sent)
                    ? new RepublishResponse { NotificationMessage = sent }
                    : throw Refusal(StatusCodes.BadMessageNotAvailable);
            default:
                throw Refusal(StatusCodes.BadServiceUnsupported);
        }
    }

    private static EndpointDescription Endpoint() => new()
    {
        EndpointUrl = "opc.tcp://elsewhere:4840",
        SecurityMode = MessageSecurityMode.None,
        SecurityPolicyUri = SecurityPolicy.None.Uri,
        UserIdentityTokens = [new UserTokenPolicy { PolicyId = "a", TokenType = UserTokenType.Anonymous }],
    };

    private DataValue Read(ReadValueId node) => node.NodeId.Number switch
    {
        NodeIds.Server_NamespaceArray => new DataValue(Variant.Of(Namespaces)),
        NodeIds.Server_ServerStatus_State => new DataValue(0),
        _ => new DataValue((StatusCode)StatusCodes.BadNodeIdUnknown),
    };

    private MonitoredItemCreateResult Create(ScriptedSubscription subscription, MonitoredItemCreateRequest request)
    {
        var node = request.ItemToMonitor.NodeId;
        var index = Array.IndexOf(Namespaces, PlantUri);
        if (node.NamespaceIndex != index || Unknown.Contains(node.Text!))
            return new MonitoredItemCreateResult { StatusCode = StatusCodes.BadNodeIdUnknown };
        subscription.Items[node] = request.RequestedParameters.ClientHandle;
        return new MonitoredItemCreateResult { MonitoredItemId = ++last, RevisedQueueSize = 1 };
    }

    private Task<IServiceResponse> Take(ScriptedTransport transport, PublishRequest request)
    {
        var session = sessions[request.RequestHeader.AuthenticationToken];
        if (!Subscriptions.Exists(s => s.Session == session)) throw Refusal(StatusCodes.BadNoSubscription);
        if (publishing.Count >= MostPublishRequests) throw Refusal(StatusCodes.BadTooManyPublishRequests);
        foreach (var one in request.SubscriptionAcknowledgements)
        {
            Acknowledged.Add((one.SubscriptionId, one.SequenceNumber));
            Subscriptions.Find(s => s.Id == one.SubscriptionId)?.Sent.Remove(one.SequenceNumber);
        }

        var answer = new TaskCompletionSource<IServiceResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        publishing.Enqueue((transport, session, answer));
        Flush();
        return answer.Task;
    }

    private void Flush()
    {
        foreach (var subscription in Subscriptions)
        {
            while (subscription.Waiting.TryPeek(out var message) && Publish(subscription, message))
                subscription.Waiting.Dequeue();
        }
    }

    private bool Publish(ScriptedSubscription subscription, NotificationMessage message)
    {
        while (publishing.TryPeek(out var old) && (!old.Transport.IsOpen || !sessions.ContainsValue(old.Session)))
            publishing.Dequeue();
        if (IsSilent || !publishing.TryPeek(out var first) || first.Session != subscription.Session) return false;
        publishing.Dequeue();
        return first.Answer.TrySetResult(new PublishResponse
        {
            SubscriptionId = subscription.Id,
            NotificationMessage = message,
        });
    }

    private ScriptedSubscription Find(uint id) =>
        Subscriptions.Find(s => s.Id == id) ?? throw Refusal(StatusCodes.BadSubscriptionIdInvalid);

    private StatusCode Has(uint id, Predicate<ScriptedSubscription> which) =>
        Subscriptions.Exists(s => s.Id == id && which(s)) ? StatusCodes.Good : StatusCodes.BadSubscriptionIdInvalid;
}
