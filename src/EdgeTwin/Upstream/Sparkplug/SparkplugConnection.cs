using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// One connection of a Sparkplug uplink: hears the primary host and commands, gives births, and reports what is proven.
/// It tells its observer nothing once it is muted: the past does not speak into the next connection.
/// </summary>
internal sealed class SparkplugConnection : IMqttPublishObserver, IAsyncDisposable
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RebirthPause = TimeSpan.FromMilliseconds(250);
    private const int HostQueue = 64;
    private const long BirthPing = 1;
    private const int CommandQueue = 256;

    private readonly SparkplugUplink uplink;
    private readonly IUplinkObserver observer;
    private readonly MqttSubscription? host;
    private readonly MqttSubscription nodeCommands;
    private readonly MqttSubscription deviceCommands;
    private readonly SparkplugProof proof;
    private readonly ITimer settled;
    private readonly CancellationTokenSource end = new();
    private readonly SemaphoreSlim birthDue = new(1, 1);
    private readonly TaskCompletionSource born = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task working = Task.CompletedTask;
    private bool readsHost;
    private bool muted;
    private bool complained;

    public SparkplugConnection(
        SparkplugUplink uplink, MqttClient client, IUplinkObserver observer, int window, TimeSpan settle)
    {
        (this.uplink, Client, this.observer) = (uplink, client, observer);
        proof = new SparkplugProof(window, settle);
        settled = uplink.Time.CreateTimer(_ => ProveUnlessHostSpoke(), null, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        if (uplink.Node.HostStateTopic is { } topic)
            host = client.Prepare(new MqttSubscribeOptions { Filter = topic, Queue = HostQueue });
        nodeCommands = Prepare(uplink.Node.NodeCommandTopic);
        deviceCommands = Prepare(uplink.Node.DeviceCommandFilter);
        client.StateChanged += OnStateChanged;

        // A flood of commands must not stop the answers to pings behind it.
        MqttSubscription Prepare(string filter) => client.Prepare(new MqttSubscribeOptions
        {
            Filter = filter,
            Queue = CommandQueue,
            WhenFull = MqttQueueFullPolicy.DropNewest,
        });
    }

    public MqttClient Client { get; }

    /// <summary>Null until the broker has accepted the connection.</summary>
    public SizeWatch? Sizes { get; set; }

    /// <summary>Completes when the broker has the births.</summary>
    public Task Born => born.Task;

    private SparkplugEdgeNode Node => uplink.Node;

    private TimeSpan Now => uplink.Time.GetElapsedTime(0);

    /// <summary>The subscriptions are made.</summary>
    public void Start() => working = Task.WhenAll(
        ReadHostAsync(), ReadCommandsAsync(nodeCommands), ReadCommandsAsync(deviceCommands), GiveBirthsAsync());

    /// <summary>A message is on its way; the gate is held.</summary>
    public void Sent(long token) => proof.Sent(token);

    /// <summary>Sends what was added, with a ping behind it where one is due.</summary>
    public ValueTask FlushAsync()
    {
        lock (uplink.Gate) PingWhenDue();
        return Client.FlushAsync();
    }

    /// <summary>Says good-bye: NDEATH, then DISCONNECT.</summary>
    public async Task LeaveAsync(TimeSpan patience)
    {
        bool wasBorn;
        lock (uplink.Gate)
        {
            Mute();
            if (!Client.IsConnected) return;
            wasBorn = Node.State == SparkplugNodeState.Online;
            try
            {
                Node.Leave(uplink.NowMilliseconds);
            }
            catch (MqttException)
            {
                return; // lost just now: the will says it
            }
        }
        await Client.FlushAsync();
        // With MQTT 5 the will speaks too (tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt50), unless
        // there was no birth; with 3.1.1 the reason is not sent.
        await Client.DisconnectAsync(patience,
            wasBorn ? MqttReasonCode.DisconnectWithWillMessage : MqttReasonCode.Success);
    }

    public void Mute()
    {
        lock (uplink.Gate) muted = true;
        Client.StateChanged -= OnStateChanged;
    }

    public async ValueTask DisposeAsync()
    {
        Mute();
        await end.CancelAsync();
        await Client.DisposeAsync();
        born.TrySetCanceled(CancellationToken.None);
        await working;
        await settled.DisposeAsync();
        end.Dispose();
        birthDue.Dispose();
    }

    // A ping is answered. What the host said before the answer may still wait in its queue, and it decides whether the
    // host was there to hear.
    void IMqttPublishObserver.Acknowledged(long token)
    {
        if (token == BirthPing)
        {
            Sizes?.BirthPassed();
            born.TrySetResult();
            return;
        }

        lock (uplink.Gate)
        {
            proof.PingAnswered(Now);
            ProveUnlessHostSpoke();
            PingWhenDue();
        }
    }

    void IMqttPublishObserver.Refused(long token, MqttException reason)
    {
        // A ping is not refused.
    }

    void IMqttPublishObserver.Lost(long token, MqttException reason)
    {
        // The loss of the connection is told once, by its state.
    }

    private void ProveUnlessHostSpoke()
    {
        lock (uplink.Gate)
            if (!readsHost && (host is null || host.Messages.Count == 0)) Prove();
    }

    // With the gate held.
    private void Prove()
    {
        if (muted || !Node.IsHostOnline) return;
        while (proof.TryProve(Now, out var token))
        {
            Sizes?.Proven(token);
            observer.Delivered(token);
        }

        if (proof.Due is { } due)
            settled.Change(TimeSpan.FromMilliseconds(Math.Ceiling((due - Now).TotalMilliseconds) is var left and > 0
                ? left : 1), Timeout.InfiniteTimeSpan);
    }

    private void PingWhenDue()
    {
        if (muted || !proof.IsPingDue || !Client.IsConnected) return;
        try
        {
            Client.Ping(this, 0);
        }
        catch (MqttException)
        {
            return; // lost just now
        }
        proof.PingSent();
    }

    private async Task ReadHostAsync()
    {
        if (host is null) return;
        while (await host.Messages.WaitToReadAsync())
        {
            if (!HearHost()) continue;
            await LeaveAsync(FarewellPatience); // from here on the connection is muted, so this is its last word
            var reason = new UplinkException($"the primary host '{uplink.HostId}' is offline");
            if (born.TrySetException(reason)) _ = born.Task.Exception;
            else uplink.TryNextBroker(); // while connecting, the uplink does so
            observer.Lost(reason);
            return;
        }
    }

    // Returns whether the node must leave.
    private bool HearHost()
    {
        lock (uplink.Gate)
        {
            readsHost = true;
            try
            {
                while (host!.Messages.TryRead(out var message))
                    if (Node.ReceiveHostState(message.Payload.Span)) return !muted;
                if (Node.State != SparkplugNodeState.Online && !Node.IsHostOnline) return uplink.HasAlternatives;
                if (Node.State != SparkplugNodeState.Online) WantBirth();
                Prove();
                return false;
            }
            finally
            {
                readsHost = false;
            }
        }
    }

    private async Task ReadCommandsAsync(MqttSubscription subscription)
    {
        await foreach (var message in subscription.Messages.ReadAllAsync())
        {
            // Commands are never kept by the broker (tck-id-topics-ncmd-mqtt); an old one must not be obeyed.
            if (message.Retain || end.IsCancellationRequested) continue;
            foreach (var command in Read(message))
            {
                try
                {
                    await uplink.Commands.DoAsync(command, uplink.Target, end.Token);
                }
                catch (OperationCanceledException) when (end.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    private IReadOnlyList<SparkplugCommand> Read(MqttMessage message)
    {
        lock (uplink.Gate)
        {
            try
            {
                var commands = Node.ReceiveCommand(message.Topic, message.Payload.Span);
                if (Node.IsRebirthDue) WantBirth();
                return commands;
            }
            catch (MqttException bad)
            {
                if (!complained) uplink.Complain(message.Topic, bad.Message);
                complained = true;
                return [];
            }
        }
    }

    private void WantBirth()
    {
        if (birthDue.CurrentCount == 0) birthDue.Release();
    }

    private async Task GiveBirthsAsync()
    {
        try
        {
            while (true)
            {
                await birthDue.WaitAsync(end.Token);
                if (!IsBirthPossible()) continue;
                var state = await uplink.LiveAsync(end.Token);
                if (!TryGiveBirth(state)) await Task.Delay(RebirthPause, uplink.Time, end.Token);
                await Client.FlushAsync();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            Fail(new UplinkException("the twin has stopped, so there is nothing that a birth could show"));
        }
        catch (UplinkException tooLarge)
        {
            await LeaveAsync(FarewellPatience); // muted from here on, as above
            observer.Lost(tooLarge);
            if (born.TrySetException(tooLarge)) _ = born.Task.Exception;
        }
        catch (MqttException lost)
        {
            Fail(new UplinkException($"births could not be published: {lost.Message}", lost));
        }
    }

    private bool IsBirthPossible()
    {
        lock (uplink.Gate)
            return !muted && Node.IsHostOnline
                && (Node.State == SparkplugNodeState.Connected || Node.IsRebirthDue);
    }

    // False when it has to wait, because many were given just before.
    private bool TryGiveBirth(LiveState? state)
    {
        lock (uplink.Gate)
        {
            if (muted || !Node.IsHostOnline) return true;
            if (!Node.ShouldGiveBirth(uplink.NowMilliseconds))
            {
                if (Node.IsRebirthDue) WantBirth();
                return !Node.IsRebirthDue;
            }
            uplink.Metrics.Update(state);
            Weigh();
            Node.GiveBirth(uplink.NowMilliseconds);
            Client.Ping(this, BirthPing);
        }
        return true;
    }

    // A birth has all metrics of its device and cannot be split. One that is too large is found before the first has
    // gone out, or every attempt would show the node to its hosts for a moment.
    private void Weigh()
    {
        uplink.Metrics.LeavesOutLongTexts = false;
        var (topic, bytes) = Node.LargestBirth(uplink.NowMilliseconds);
        if (bytes > Sizes!.Most)
        {
            uplink.Metrics.LeavesOutLongTexts = true;
            (topic, bytes) = Node.LargestBirth(uplink.NowMilliseconds);
        }
        if (bytes > Sizes.Said)
            throw new UplinkException($"the birth on {topic} has {bytes} bytes and cannot be split, and the broker "
                + $"takes at most {Sizes.Said}; {MessageLimit.BirthAdvice}");
        Sizes.SendingBirth(bytes);
    }

    private void OnStateChanged(object? sender, MqttStateChangedEventArgs change)
    {
        if (change.State is not MqttConnectionState.Lost lost) return;
        Fail(new UplinkException(Sizes?.Describe(lost.Reason) ?? lost.Reason.Message, lost.Reason));
    }

    private void Fail(UplinkException reason)
    {
        lock (uplink.Gate)
        {
            if (muted) return;
            Node.ConnectionLost();
        }
        born.TrySetException(reason);
        _ = born.Task.Exception; // observed here: nobody awaits it once births were out
        observer.Lost(reason);
    }
}
