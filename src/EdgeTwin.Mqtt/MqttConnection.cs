using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using EdgeTwin.Mqtt.Packets;

namespace EdgeTwin.Mqtt;

/// <summary>
/// One connection from CONNECT to its end, and the only place that awaits the stream. Whoever has something to send
/// puts it into <c>pending</c> and flushes: the first becomes the writer, inline on its own thread, and takes along
/// what others add meanwhile. One loop reads. There is one reason for the end, and the first one stays.
/// </summary>
internal sealed class MqttConnection : IAsyncDisposable
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromMilliseconds(250);
    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly MqttSession session;
    private readonly MqttClientOptions options;
    private readonly TimeProvider time;
    private readonly IMqttConnectionOwner owner;
    private readonly TaskCompletionSource<MqttConnectResult> accepted =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<MqttException> ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer timer;
    private OutputBuffer pending = new();
    private OutputBuffer sending = new();
    private TaskCompletionSource? drained;
    private bool flushing;
    private bool readingPaused;
    private bool leaving;
    private MqttException? reason;
    private Task reading = Task.CompletedTask;
    private Task backgroundFlush = Task.CompletedTask;

    public MqttConnection(
        Stream stream, MqttSession session, MqttClientOptions options, TimeProvider time, IMqttConnectionOwner owner)
    {
        this.stream = stream;
        this.session = session;
        this.options = options;
        this.time = time;
        this.owner = owner;
        timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes with the reason when the connection has ended.</summary>
    public Task<MqttException> Ended => ended.Task;

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Sends CONNECT; returns what the broker grants.</summary>
    public async Task<MqttConnectResult> OpenAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            session.Connect(pending, Now);
            timer.Change(options.ConnectTimeout, Timeout.InfiniteTimeSpan);
        }
        reading = ReadUntilEndAsync();
        await FlushAsync();
        return await accepted.Task.WaitAsync(cancellation);
    }

    /// <summary>Adds a message to what goes out with the next flush. False when the window is full.</summary>
    public bool TryPublish(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain,
        MqttMessageProperties? properties, IMqttPublishObserver? observer, long token)
    {
        lock (gate)
        {
            ThrowIfEnded();
            return session.TryPublish(pending, topic, payload, qos, retain, properties, observer, token, Now);
        }
    }

    public void Ping(IMqttPublishObserver observer, long token)
    {
        lock (gate)
        {
            ThrowIfEnded();
            session.Ping(pending, observer, token, Now);
        }
    }

    public bool TrySubscribe(MqttSubscribeOptions subscription, IMqttPublishObserver observer)
    {
        lock (gate)
        {
            ThrowIfEnded();
            return session.TrySubscribe(pending, subscription, observer, Now);
        }
    }

    public bool TryUnsubscribe(string filter, IMqttPublishObserver observer)
    {
        lock (gate)
        {
            ThrowIfEnded();
            return session.TryUnsubscribe(pending, filter, observer, Now);
        }
    }

    /// <summary>Writes what is pending, unless someone is writing already, who then takes it along. Does not throw when
    /// the connection breaks; the reason is in <see cref="Ended"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync()
    {
        lock (gate)
        {
            if (flushing || pending.Count == 0 || reason is not null) return;
            flushing = true;
            (pending, sending) = (sending, pending);
        }
        try
        {
            do await stream.WriteAsync(sending.Written);
            while (NextToWrite());
        }
        catch (Exception error) when (IsLoss(error))
        {
            lock (gate) flushing = false;
            Abort(Loss(error));
        }
    }

    /// <summary>Completes when less than the given number of bytes waits for the socket, or the connection has
    /// ended.</summary>
    public async ValueTask WaitForRoomAsync(int mostPending, CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (reason is not null || !flushing || pending.Count < mostPending) return;
                drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = drained.Task;
            }
            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>Says good-bye and waits a moment for the broker to close.</summary>
    public async Task DisconnectAsync(TimeSpan patience, MqttReasonCode why)
    {
        lock (gate)
        {
            if (reason is not null) return;
            leaving = true;
            session.Disconnect(pending, why, Now);
        }
        var enough = Task.Delay(patience, time);
        await Task.WhenAny(FlushAsync().AsTask(), enough);
        await Task.WhenAny(ended.Task, enough);
        Abort(Left());
    }

    /// <summary>Ends the connection at once. The first reason stays.</summary>
    public void Abort(MqttException why)
    {
        List<InFlight> lost;
        List<PingQueue.Ping> pings;
        lock (gate)
        {
            if (reason is not null) return;
            reason = why;
            lost = session.ConnectionLost();
            pings = session.TakeLostPings();
            drained?.TrySetResult();
        }
        timer.Dispose();
        stream.Dispose();
        owner.PlacesFreed(lost.Count);
        foreach (var request in lost) request.Observer?.Lost(request.Token, why);
        foreach (var ping in pings) ping.Observer?.Lost(ping.Token, why);
        accepted.TrySetException(why);
        _ = accepted.Task.Exception; // observed here: nobody awaits it once the connection was accepted
        ended.TrySetResult(why); // before the owner hears of it, so that one of the two sees a loss right after CONNACK
        owner.Ended(this, why);
    }

    public async ValueTask DisposeAsync()
    {
        Abort(Left());
        await reading;
        await backgroundFlush;
        await timer.DisposeAsync();
        lock (gate)
        {
            if (flushing) return; // the writer still holds a buffer; both go to the garbage collector
            pending.Dispose();
            sending.Dispose();
        }
    }

    private bool NextToWrite()
    {
        lock (gate)
        {
            sending.Clear();
            drained?.TrySetResult();
            drained = null;
            flushing = pending.Count > 0 && reason is null;
            if (flushing) (pending, sending) = (sending, pending);
            return flushing;
        }
    }

    private async Task ReadUntilEndAsync()
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        try
        {
            await ReadAsync(reader);
            Abort(leaving ? Left() : new MqttException(MqttError.ConnectionLost, "the broker closed the connection"));
        }
        catch (MqttException error)
        {
            await RefuseAsync(error);
            Abort(error);
        }
        catch (Exception error) when (IsLoss(error))
        {
            Abort(Loss(error));
        }
        await reader.CompleteAsync();
    }

    // §4.13: what the broker did wrong is told in DISCONNECT before this side closes. MQTT 3.1.1 has no words for it.
    private async Task RefuseAsync(MqttException error)
    {
        if (options.Version < MqttProtocolVersion.V5 || error.Error is not
            (MqttError.Malformed or MqttError.ProtocolViolation or MqttError.TooLarge)) return;
        lock (gate)
        {
            if (reason is not null) return;
            session.Disconnect(pending, error.Reason, Now);
        }
        await Task.WhenAny(FlushAsync().AsTask(), Task.Delay(FarewellPatience, time));
    }

    private async Task ReadAsync(PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            while (MqttFrame.TryRead(ref buffer, options.MaxPacketSize, out var frame))
            {
                var effect = Receive(frame);
                if (effect.Message is not null) await DeliverAsync(effect);
                else Apply(effect);
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return;
            FlushInBackground(); // not awaited: a peer that stops reading must not stop us from reading
        }
    }

    // Asked each time, even when the last flush seems to run: it may have looked for more for the last time already.
    private void FlushInBackground()
    {
        var flush = FlushAsync();
        if (!flush.IsCompleted) backgroundFlush = flush.AsTask();
    }

    private MqttEffect Receive(in MqttFrame frame)
    {
        if (frame.Body.IsSingleSegment) return Receive(frame, frame.Body.FirstSpan);
        var length = (int)frame.Body.Length;
        var joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            frame.Body.CopyTo(joined);
            return Receive(frame, joined.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private MqttEffect Receive(in MqttFrame frame, ReadOnlySpan<byte> body)
    {
        lock (gate)
        {
            if (reason is not null) throw reason;
            var effect = session.Receive(frame.Type, frame.Flags, body, pending, Now);
            // from CONNACK to keep-alive deadlines
            if (effect.Accepted is not null) timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            return effect;
        }
    }

    private void Apply(in MqttEffect effect)
    {
        if (effect.Accepted is not null)
        {
            Tell(effect.Proven);
            accepted.TrySetResult(effect.Accepted);
        }
        if (effect.Pinged) effect.Observer?.Acknowledged(effect.Token);
        if (!effect.Completed) return;
        owner.PlacesFreed(1);
        if (effect.Observer is SubscribeOperation subscribe) subscribe.Answered(effect.Reason, effect.ReasonString);
        else if (effect.Reason.IsFailure()) effect.Observer?.Refused(effect.Token, PublishRefused(effect));
        else effect.Observer?.Acknowledged(effect.Token);
    }

    private void Tell(IReadOnlyList<InFlight>? proven)
    {
        if (proven is null) return;
        owner.PlacesFreed(proven.Count);
        foreach (var request in proven) request.Observer?.Acknowledged(request.Token);
    }

    // PUBACK or PUBREC goes out only when the message is in the application's queue.
    private async ValueTask DeliverAsync(MqttEffect effect)
    {
        var delivery = owner.DeliverAsync(effect.Message!);
        if (!delivery.IsCompletedSuccessfully)
        {
            lock (gate) readingPaused = true;
            await Task.WhenAny(delivery.AsTask(), ended.Task); // an end of the connection ends the wait
            lock (gate)
            {
                readingPaused = false;
                session.ReadingResumed(Now);
            }
        }
        if (effect.PacketId == 0) return;
        lock (gate)
        {
            if (reason is null) session.AcknowledgeMessage(effect.Message!.Qos, effect.PacketId, pending, Now);
        }
    }

    private void OnTimer()
    {
        try
        {
            lock (gate)
            {
                if (reason is not null) return;
                var now = Now;
                if (readingPaused) session.ReadingResumed(now);
                if (session.Tick(pending, now) is { } next)
                    timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(1, (next - now).TotalMilliseconds))),
                        Timeout.InfiniteTimeSpan);
            }
        }
        catch (MqttException error)
        {
            Abort(error);
            return;
        }
        FlushInBackground();
    }

    private void ThrowIfEnded()
    {
        if (reason is not null) throw MqttSession.NotConnected();
    }

    private static MqttException PublishRefused(in MqttEffect effect) => new(MqttError.PublishRefused,
        $"the broker refused the message: {ReasonFields.Describe(effect.Reason, effect.ReasonString)}", null,
        effect.Reason);

    private static bool IsLoss(Exception error) =>
        error is IOException or SocketException or WebSocketException or ObjectDisposedException;

    private static MqttException Loss(Exception error) =>
        new(MqttError.ConnectionLost, $"the connection to the broker broke: {error.Message}", error);

    private static MqttException Left() => new(MqttError.Disconnected, "disconnected by this side");
}
