using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeTwin.Mqtt;

/// <summary>
/// An MQTT client, 3.1.1 or 5.0: publishes and subscribes with QoS 0, 1 and 2. It connects when told to and does not
/// reconnect by itself: its owner hears of a loss through <see cref="StateChanged"/> and decides when to call
/// <see cref="ConnectAsync"/> again. Subscriptions are then made anew, also in a session that the broker has kept.
/// </summary>
public sealed class MqttClient : IAsyncDisposable, IMqttConnectionOwner
{
    private const int MostPendingBytes = 1024 * 1024;
    private readonly MqttClientOptions options;
    private readonly TimeProvider time;
    private readonly Func<CancellationToken, Task<Stream>> dial;
    private readonly MqttSession session;
    private readonly SendWindow places;
    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly SubscriptionTable subscriptions = new();
    private volatile MqttConnection? connection;
    private MqttConnection? previous;

    /// <summary>Makes an unconnected client; does no I/O.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public MqttClient(MqttClientOptions options, TimeProvider time)
        : this(options, time, cancellation => MqttTransport.OpenAsync(options, cancellation))
    {
    }

    internal MqttClient(MqttClientOptions options, TimeProvider time, Func<CancellationToken, Task<Stream>> dial)
    {
        this.options = options;
        this.time = time;
        this.dial = dial;
        session = new MqttSession(options);
        places = new SendWindow(options.Window);
    }

    /// <summary>Connected or lost, with the reason. Called on the thread that found out; must neither block nor
    /// throw.</summary>
    public event EventHandler<MqttStateChangedEventArgs>? StateChanged;

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => connection is not null;

    /// <summary>Received messages for which there was no subscription: they are acknowledged and given up. A session
    /// that the broker kept from an earlier life of this program can bring some, unless <see cref="Prepare"/> has made
    /// a place for them.</summary>
    public long UnexpectedMessages => subscriptions.Unexpected;

    /// <summary>Connects, or connects again after a loss. Returns what the broker grants, and whether it still knew the
    /// session.</summary>
    /// <exception cref="MqttException">Unreachable, TlsFailed, Refused, TimedOut, Malformed, ProtocolViolation,
    /// ConnectionLost; SubscriptionRefused when a subscription could not be made again.</exception>
    public async Task<MqttConnectResult> ConnectAsync(CancellationToken cancellation)
    {
        await connecting.WaitAsync(cancellation);
        try
        {
            if (connection is not null) throw new InvalidOperationException("the client is connected already");
            if (previous is not null) await previous.DisposeAsync();
            previous = null;
            return await OpenAsync(cancellation);
        }
        finally
        {
            connecting.Release();
        }
    }

    /// <summary>
    /// Publishes one message. With QoS 1 it completes when the broker has acknowledged it, with QoS 2 when the broker
    /// has completed it; both wait first while the window is full. With QoS 0 it completes when the bytes are with the
    /// operating system.
    /// </summary>
    /// <param name="topic">Topic, 1–65,535 bytes UTF-8, without wildcards.</param>
    /// <param name="payload">Payload; copied before the call returns to its awaiter.</param>
    /// <param name="qos">Quality of service.</param>
    /// <param name="retain">Whether the broker keeps it as the topic's last value.</param>
    /// <param name="cancellation">Ends the wait for the window. A message once sent cannot be called back, so from then
    /// on it is ignored.</param>
    /// <param name="properties">What else the message says (MQTT 5.0); null for nothing.</param>
    /// <exception cref="MqttException">NotConnected; TooLarge; NotSupported; PublishRefused; or the reason for which
    /// the connection was lost meanwhile.</exception>
    public ValueTask PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, CancellationToken cancellation,
        MqttMessageProperties? properties = null) =>
        PublishAsync(Encoding.UTF8.GetBytes(topic), payload, qos, retain, cancellation, properties);

    /// <inheritdoc
    /// cref="PublishAsync(string,ReadOnlyMemory{byte},MqttQos,bool,CancellationToken,MqttMessageProperties?)"/>
    public ValueTask PublishAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain,
        CancellationToken cancellation, MqttMessageProperties? properties = null) =>
        qos == MqttQos.AtMostOnce
            ? PublishOnceAsync(topic, payload, retain, properties, cancellation)
            : PublishProvenAsync(topic, payload, qos, retain, properties, cancellation);

    /// <summary>
    /// Adds a message to those that leave with the next <see cref="FlushAsync"/>; the way to send many at little cost.
    /// Both spans are copied. False when the window is full (QoS 1 and 2).
    /// </summary>
    /// <exception cref="MqttException">NotConnected; TooLarge; NotSupported.</exception>
    public bool TryPublish(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, IMqttPublishObserver? observer,
        long token, MqttMessageProperties? properties = null)
    {
        if (qos == MqttQos.AtMostOnce)
            return Current().TryPublish(topic, payload, qos, retain, properties, null, 0);
        if (!places.TryTake()) return false;
        var sent = false;
        try
        {
            return sent = Current().TryPublish(topic, payload, qos, retain, properties, observer, token);
        }
        finally
        {
            if (!sent) places.Free(1);
        }
    }

    /// <summary>
    /// Adds a ping to what leaves with the next <see cref="FlushAsync"/>. The observer is told when it is answered:
    /// then the broker has taken every message that was added before it, those with QoS 0 too.
    /// </summary>
    /// <exception cref="MqttException">NotConnected.</exception>
    public void Ping(IMqttPublishObserver observer, long token) => Current().Ping(observer, token);

    /// <summary>Sends what
    /// <c>TryPublish</c>
    /// added; inline on the calling thread unless another one is writing.</summary>
    public ValueTask FlushAsync() => connection?.FlushAsync() ?? default;

    /// <summary>Makes the queue of a subscription before the connection: SUBSCRIBE goes out with the next one, and
    /// what the broker has kept for the session finds its place.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">There is a subscription to this filter already.</exception>
    public MqttSubscription Prepare(MqttSubscribeOptions subscribe)
    {
        var subscription = new MqttSubscription(subscribe);
        subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Subscribes, now and after every reconnect.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">There is a subscription to this filter already.</exception>
    /// <exception cref="MqttException">NotConnected, NotSupported, SubscriptionRefused, or the reason of a
    /// loss.</exception>
    public async Task<MqttSubscription> SubscribeAsync(MqttSubscribeOptions subscribe, CancellationToken cancellation)
    {
        var on = Current();
        var subscription = Prepare(subscribe); // before SUBSCRIBE: kept messages may come before SUBACK
        try
        {
            await SubscribeOnAsync(on, subscription, subscribe, cancellation);
            return subscription;
        }
        catch
        {
            subscriptions.Remove(subscription);
            throw;
        }
    }

    /// <summary>Subscribes with a queue and options of the usual kind.</summary>
    /// <inheritdoc cref="SubscribeAsync(MqttSubscribeOptions,CancellationToken)"/>
    public Task<MqttSubscription> SubscribeAsync(string filter, MqttQos qos, CancellationToken cancellation) =>
        SubscribeAsync(new MqttSubscribeOptions { Filter = filter, Qos = qos }, cancellation);

    /// <summary>Ends a subscription and its queue, what waits in it included.</summary>
    /// <exception cref="MqttException">NotConnected, SubscriptionRefused, or the reason of a loss; the subscription has
    /// ended on this side nevertheless.</exception>
    public async Task UnsubscribeAsync(MqttSubscription subscription, CancellationToken cancellation)
    {
        subscriptions.Remove(subscription);
        var operation = new SubscribeOperation();
        var on = Current();
        var filter = subscription.Options.Filter;
        await RequestAsync(on, () => on.TryUnsubscribe(filter, operation), operation, filter, cancellation);
    }

    /// <summary>Disconnects in order, so that the broker drops the last will. Waits at most the given time.</summary>
    /// <param name="patience">Longest wait for the broker to close.</param>
    /// <param name="reason">What the broker is told (MQTT 5.0); DisconnectWithWillMessage lets the will speak.</param>
    public async Task DisconnectAsync(TimeSpan patience, MqttReasonCode reason = MqttReasonCode.Success)
    {
        if (connection is { } current) await current.DisconnectAsync(patience, reason);
    }

    /// <summary>Ends the connection at once, as if it had broken; the broker then publishes the last will.</summary>
    public void Abort() => connection?.Abort(new MqttException(MqttError.Disconnected, "aborted by this side"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var last = connection ?? previous;
        if (last is not null) await last.DisposeAsync();
        var abandoned = session.Abandon();
        places.Free(abandoned.Count);
        var reason = new MqttException(MqttError.Disconnected, "the client was closed");
        foreach (var request in abandoned) request.Observer?.Lost(request.Token, reason);
        await subscriptions.EndAsync();
    }

    void IMqttConnectionOwner.PlacesFreed(int count) => places.Free(count);

    ValueTask IMqttConnectionOwner.DeliverAsync(MqttMessage message) => subscriptions.DeliverAsync(message);

    void IMqttConnectionOwner.Ended(MqttConnection connection, MqttException reason)
    {
        if (this.connection != connection) return; // it ended before it was accepted: ConnectAsync throws the reason
        this.connection = null;
        StateChanged?.Invoke(this, new MqttStateChangedEventArgs(new MqttConnectionState.Lost(reason)));
    }

    private async Task<MqttConnectResult> OpenAsync(CancellationToken cancellation)
    {
        var stream = await DialAsync(cancellation);
        var opened = new MqttConnection(stream, session, options, time, this);
        previous = opened;
        try
        {
            var result = await opened.OpenAsync(cancellation);
            places.Resize(Math.Min(options.Window, result.ReceiveMaximum));
            Interlocked.Exchange(ref connection, opened); // a full fence: see MqttConnection.Abort
            if (opened.Ended.IsCompleted)
            {
                connection = null;
                throw await opened.Ended;
            }
            StateChanged?.Invoke(this,
                new MqttStateChangedEventArgs(new MqttConnectionState.Connected(result)));
            await SubscribeAgainAsync(opened, result.SessionPresent, cancellation);
            return result;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private async Task<Stream> DialAsync(CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return await dial(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new MqttException(MqttError.TimedOut,
                $"no connection to {options.Host}:{options.Port} within {options.ConnectTimeout.TotalSeconds:0.###} s");
        }
    }

    // Also where the broker says that it has kept the session: one that lost the subscription (RabbitMQ killed) would
    // never send anything again. It replaces the one that there is [MQTT-3.8.4-3].
    private async Task SubscribeAgainAsync(MqttConnection on, bool sessionPresent, CancellationToken cancellation)
    {
        foreach (var subscription in subscriptions.All)
        {
            var asked = subscription.Options;
            if (sessionPresent && subscription.Granted is not null && asked.RetainHandling == MqttRetainHandling.Send)
                asked = asked with { RetainHandling = MqttRetainHandling.SendIfNew };
            await SubscribeOnAsync(on, subscription, asked, cancellation);
        }
    }

    private async Task SubscribeOnAsync(
        MqttConnection on, MqttSubscription subscription, MqttSubscribeOptions asked, CancellationToken cancellation)
    {
        var operation = new SubscribeOperation();
        var granted = await RequestAsync(
            on, () => on.TrySubscribe(asked, operation), operation, asked.Filter, cancellation);
        subscription.Granted = (MqttQos)granted;
    }

    private async Task<MqttReasonCode> RequestAsync(
        MqttConnection on, Func<bool> send, SubscribeOperation operation, string filter, CancellationToken cancellation)
    {
        var sent = false;
        while (!sent) // a place from before the broker's receive maximum was known may be one too many
        {
            await places.TakeAsync(cancellation);
            try
            {
                sent = send();
            }
            finally
            {
                if (!sent) places.Free(1);
            }
        }
        await on.FlushAsync();
        var (reason, text) = await operation.Completion.WaitAsync(cancellation);
        if (!reason.IsFailure()) return reason;
        throw new MqttException(MqttError.SubscriptionRefused,
            $"the broker refused '{filter}': {Packets.ReasonFields.Describe(reason, text)}", null, reason);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishOnceAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, bool retain, MqttMessageProperties? properties,
        CancellationToken cancellation)
    {
        var on = Current();
        await on.WaitForRoomAsync(MostPendingBytes, cancellation);
        on.TryPublish(topic.Span, payload.Span, MqttQos.AtMostOnce, retain, properties, null, 0);
        await on.FlushAsync();
        if (on.Ended.IsCompleted) throw await on.Ended;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishProvenAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain,
        MqttMessageProperties? properties, CancellationToken cancellation)
    {
        while (true)
        {
            await places.TakeAsync(cancellation);
            var operation = PublishOperation.Rent();
            var sent = false;
            MqttConnection on;
            try
            {
                on = Current();
                sent = on.TryPublish(topic.Span, payload.Span, qos, retain, properties, operation, 0);
            }
            finally
            {
                if (!sent)
                {
                    operation.Return();
                    places.Free(1);
                }
            }
            if (!sent) continue; // a place from before the broker's receive maximum was known
            await on.FlushAsync();
            await operation.Completion;
            return;
        }
    }

    private MqttConnection Current() => connection ?? throw MqttSession.NotConnected();
}
