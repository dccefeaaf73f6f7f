using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using EdgeTwin.Mqtt.Packets;

namespace EdgeTwin.Mqtt;

/// <summary>
/// An MQTT 3.1.1 client: publishes and subscribes with QoS 0 and 1. It connects when told to and does not reconnect by
/// itself: its owner hears of a loss through <see cref="StateChanged"/> and decides when to call
/// <see cref="ConnectAsync"/> again. Subscriptions are then made anew where the broker has forgotten them.
/// </summary>
public sealed class MqttClient : IAsyncDisposable, IMqttConnectionOwner
{
    private const int MostPendingBytes = 1024 * 1024;
    private readonly MqttClientOptions options;
    private readonly TimeProvider time;
    private readonly Func<CancellationToken, Task<Stream>> dial;
    private readonly MqttSession session;
    private readonly SemaphoreSlim places;
    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly Channel<MqttMessage> messages;
    private readonly Lock subscriptionsGate = new();
    private readonly Dictionary<string, MqttQos> subscriptions = new(StringComparer.Ordinal);
    private volatile MqttConnection? connection;
    private MqttConnection? previous;
    private long droppedMessages;

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
        places = new SemaphoreSlim(options.Window);
        messages = Channel.CreateBounded<MqttMessage>(
            new BoundedChannelOptions(options.ReceiveQueue)
            {
                FullMode = options.WhenFull switch
                {
                    MqttQueueFullPolicy.DropOldest => BoundedChannelFullMode.DropOldest,
                    MqttQueueFullPolicy.DropNewest => BoundedChannelFullMode.DropWrite,
                    _ => BoundedChannelFullMode.Wait,
                },
                SingleWriter = true,
            },
            _ => Interlocked.Increment(ref droppedMessages));
    }

    /// <summary>Connected or lost, with the reason. Called on the thread that found out; must neither block nor
    /// throw.</summary>
    public event EventHandler<MqttStateChangedEventArgs>? StateChanged;

    /// <summary>Received messages of all subscriptions, in the order of arrival.</summary>
    public ChannelReader<MqttMessage> Messages => messages.Reader;

    /// <summary>Received messages that were given up because the queue was full.</summary>
    public long DroppedMessages => Interlocked.Read(ref droppedMessages);

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => connection is not null;

    /// <summary>Connects, or connects again after a loss. Returns whether the broker still knew the session.</summary>
    /// <exception cref="MqttException">Unreachable, TlsFailed, Refused, TimedOut, Malformed, ProtocolViolation,
    /// ConnectionLost.</exception>
    public async Task<bool> ConnectAsync(CancellationToken cancellation)
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
    /// Publishes one message. With QoS 1 it completes when the broker has acknowledged it, and waits first while the
    /// window is full; with QoS 0 it completes when the bytes are with the operating system.
    /// </summary>
    /// <param name="topic">Topic, 1–65,535 bytes UTF-8, without wildcards.</param>
    /// <param name="payload">Payload; copied before the call returns to its awaiter.</param>
    /// <param name="qos">Quality of service.</param>
    /// <param name="retain">Whether the broker keeps it as the topic's last value.</param>
    /// <param name="cancellation">Ends the wait for the window. A message once sent cannot be called back, so from then
    /// on it is ignored.</param>
    /// <exception cref="MqttException">NotConnected; TooLarge; or the reason for which the connection was lost
    /// meanwhile.</exception>
    public ValueTask PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, CancellationToken cancellation) =>
        PublishAsync(Encoding.UTF8.GetBytes(topic), payload, qos, retain, cancellation);

    /// <inheritdoc cref="PublishAsync(string,ReadOnlyMemory{byte},MqttQos,bool,CancellationToken)"/>
    public ValueTask PublishAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain,
        CancellationToken cancellation) =>
        qos == MqttQos.AtMostOnce
            ? PublishOnceAsync(topic, payload, retain, cancellation)
            : PublishProvenAsync(topic, payload, retain, cancellation);

    /// <summary>
    /// Adds a message to those that leave with the next <see cref="FlushAsync"/>; the way to send many at little cost.
    /// Both spans are copied. False when the QoS 1 window is full.
    /// </summary>
    /// <exception cref="MqttException">NotConnected; TooLarge.</exception>
    public bool TryPublish(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, IMqttPublishObserver? observer,
        long token)
    {
        if (qos == MqttQos.AtMostOnce) return Current().TryPublish(topic, payload, qos, retain, null, 0);
        if (!places.Wait(0, CancellationToken.None)) return false;
        var sent = false;
        try
        {
            return sent = Current().TryPublish(topic, payload, qos, retain, observer, token);
        }
        finally
        {
            if (!sent) places.Release();
        }
    }

    /// <summary>Sends what <see cref="TryPublish"/> added; inline on the calling thread unless another one is
    /// writing.</summary>
    public ValueTask FlushAsync() => connection?.FlushAsync() ?? default;

    /// <summary>Subscribes to a filter. Its messages come through <see cref="Messages"/>, also after a
    /// reconnect.</summary>
    /// <returns>The quality of service that the broker granted.</returns>
    /// <exception cref="MqttException">NotConnected, SubscriptionRefused, or the reason of a loss.</exception>
    public async Task<MqttQos> SubscribeAsync(string filter, MqttQos qos, CancellationToken cancellation)
    {
        var granted = await SubscribeOnAsync(Current(), filter, qos, cancellation);
        lock (subscriptionsGate) subscriptions[filter] = qos;
        return granted;
    }

    /// <summary>Ends a subscription.</summary>
    /// <exception cref="MqttException">NotConnected, or the reason of a loss.</exception>
    public async Task UnsubscribeAsync(string filter, CancellationToken cancellation)
    {
        lock (subscriptionsGate) subscriptions.Remove(filter);
        var operation = new SubscribeOperation();
        var on = Current();
        await RequestAsync(on, () => on.TryUnsubscribe(filter, operation), operation, cancellation);
    }

    /// <summary>Disconnects in order, so that the broker drops the last will. Waits at most the given time.</summary>
    public async Task DisconnectAsync(TimeSpan patience)
    {
        if (connection is { } current) await current.DisconnectAsync(patience);
    }

    /// <summary>Ends the connection at once, as if it had broken; the broker then publishes the last will.</summary>
    public void Abort() => connection?.Abort(new MqttException(MqttError.Disconnected, "aborted by this side"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var last = connection ?? previous;
        if (last is not null) await last.DisposeAsync();
        var abandoned = session.Abandon();
        if (abandoned.Count > 0) places.Release(abandoned.Count);
        var reason = new MqttException(MqttError.Disconnected, "the client was closed");
        foreach (var request in abandoned) request.Observer?.Lost(request.Token, reason);
        messages.Writer.TryComplete();
    }

    void IMqttConnectionOwner.PlacesFreed(int count)
    {
        if (count > 0) places.Release(count);
    }

    ValueTask IMqttConnectionOwner.DeliverAsync(MqttMessage message) =>
        messages.Writer.TryWrite(message) ? default : messages.Writer.WriteAsync(message);

    void IMqttConnectionOwner.Ended(MqttConnection connection, MqttException reason)
    {
        if (this.connection != connection) return; // it ended before it was accepted: ConnectAsync throws the reason
        this.connection = null;
        StateChanged?.Invoke(this, new MqttStateChangedEventArgs(new MqttConnectionState.Lost(reason)));
    }

    private async Task<bool> OpenAsync(CancellationToken cancellation)
    {
        var stream = await DialAsync(cancellation);
        var opened = new MqttConnection(stream, session, options, time, this);
        previous = opened;
        try
        {
            var sessionPresent = await opened.OpenAsync(cancellation);
            Interlocked.Exchange(ref connection, opened); // a full fence: see MqttConnection.Abort
            if (opened.Ended.IsCompleted)
            {
                connection = null;
                throw await opened.Ended;
            }
            StateChanged?.Invoke(this,
                new MqttStateChangedEventArgs(new MqttConnectionState.Connected(sessionPresent)));
            if (!sessionPresent) await SubscribeAgainAsync(opened, cancellation);
            return sessionPresent;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private async Task<Stream> DialAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
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

    private async Task SubscribeAgainAsync(MqttConnection opened, CancellationToken cancellation)
    {
        List<KeyValuePair<string, MqttQos>> all;
        lock (subscriptionsGate) all = [.. subscriptions];
        foreach (var (filter, qos) in all) await SubscribeOnAsync(opened, filter, qos, cancellation);
    }

    private async Task<MqttQos> SubscribeOnAsync(MqttConnection on, string filter, MqttQos qos,
        CancellationToken cancellation)
    {
        var operation = new SubscribeOperation();
        var code = await RequestAsync(on, () => on.TrySubscribe(filter, qos, operation), operation, cancellation);
        return code == SubAckPacket.Failure
            ? throw new MqttException(MqttError.SubscriptionRefused,
                $"the broker refused the subscription to '{filter}'", null, code)
            : (MqttQos)code;
    }

    private async Task<byte> RequestAsync(
        MqttConnection on, Func<bool> send, SubscribeOperation operation, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        var sent = false;
        try
        {
            sent = send();
        }
        finally
        {
            if (!sent) places.Release();
        }
        await on.FlushAsync();
        return await operation.Completion.WaitAsync(cancellation);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishOnceAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellation)
    {
        var on = Current();
        await on.WaitForRoomAsync(MostPendingBytes, cancellation);
        on.TryPublish(topic.Span, payload.Span, MqttQos.AtMostOnce, retain, null, 0);
        await on.FlushAsync();
        if (on.Ended.IsCompleted) throw await on.Ended;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PublishProvenAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        var operation = PublishOperation.Rent();
        var sent = false;
        MqttConnection on;
        try
        {
            on = Current();
            sent = on.TryPublish(topic.Span, payload.Span, MqttQos.AtLeastOnce, retain, operation, 0);
        }
        finally
        {
            if (!sent)
            {
                operation.Return();
                places.Release();
            }
        }
        await on.FlushAsync();
        await operation.Completion;
    }

    private MqttConnection Current() => connection ?? throw MqttSession.NotConnected();
}
