using System.Threading.Channels;
using EdgeTwin.Brokers;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>
/// Subscribes at an MQTT broker; one object, and one client, per connection. Messages wait in bounded queues, and when
/// these are full the broker waits: nothing is dropped here.
/// </summary>
internal sealed class MqttSource : ISource
{
    private const int MostSamples = 1000;
    private const int MostPacketBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(200);

    private readonly SourceContext context;
    private readonly MqttSourceConfig config;
    private readonly MqttMemory memory;
    private readonly MqttSamples samples;
    private readonly IMqttDecoder decoder;
    private readonly List<MqttSubscription> subscriptions = [];
    private readonly List<string> refused = [];
    private readonly TaskCompletionSource<Exception> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttClient? client;
    private long connectedAt;
    private bool saidBad;
    private bool saidQuiet;

    public MqttSource(SourceContext context)
    {
        this.context = context;
        config = (MqttSourceConfig)context.Config;
        memory = MqttMemory.Of(context);
        samples = new MqttSamples(context);
        decoder = memory.Decoder;
    }

    /// <summary>The line in the catalog.</summary>
    public static SourceDriver Driver { get; } = new(
        "mqtt", typeof(MqttSourceConfig), static context => new MqttSource(context), MqttSourceCheck.CheckTag);

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<Uri> brokers = [config.Endpoint, .. config.Alternatives];
        var opened = client = new MqttClient(Options(brokers[memory.Broker % brokers.Count]), context.Time);
        opened.StateChanged += OnStateChanged;
        try
        {
            // What the broker has kept for a session comes at once, so its queues are there before it.
            if (config.Session is not null) subscriptions.AddRange(Wanted().Select(opened.Prepare));
            await opened.ConnectAsync(cancellation);
            foreach (var target in decoder.Targets) (target.IsHeard, target.Told) = (false, null);
            decoder.Connected();
            if (config.Session is null) await SubscribeAsync(opened, cancellation);
        }
        catch (MqttException)
        {
            memory.Broker = (memory.Broker + 1) % brokers.Count;
            throw;
        }

        connectedAt = context.Time.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var arrived = Channel.CreateBounded<MqttMessage>(config.Queue);
        var pumps = PumpAsync(arrived.Writer, end.Token);
        try
        {
            while (true)
            {
                var taken = new MqttIntake();
                while (taken.Count < MostSamples && arrived.Reader.TryRead(out var message)) Take(message, taken);
                Look(taken);
                await taken.PostAsync(inbox, cancellation);
                await CommandAsync(cancellation);
                await WaitAsync(arrived.Reader, cancellation);
            }
        }
        finally
        {
            await end.CancelAsync();
            await pumps;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref client, null) is not { } last) return;
        last.StateChanged -= OnStateChanged;
        if (last.IsConnected) await last.DisconnectAsync(Farewell);
        await last.DisposeAsync();
    }

    private MqttClientOptions Options(Uri broker)
    {
        var options = BrokerOptions.From(config, broker, $"{context.GatewayId}-{context.Name}", context.BaseFolder);
        return options with
        {
            CleanSession = config.Session is null,
            SessionExpiry = options.Version == MqttProtocolVersion.V5 ? config.Session : null,
            ConnectTimeout = config.Timeout,
            MaxPacketSize = MostPacketBytes,
        };
    }

    private IEnumerable<MqttSubscribeOptions> Wanted()
    {
        var filters = config.Topics.Count > 0 ? config.Topics : decoder.Filters;
        if (config.Share is { } share)
            filters = [.. filters.Select(filter => $"$share/{share}/{filter}"), .. decoder.StatusFilters];
        return filters.Distinct(StringComparer.Ordinal).Select(
            filter => new MqttSubscribeOptions { Filter = filter, Queue = config.Queue });
    }

    // A filter that the broker refuses costs the tags under it, not their neighbours.
    private async Task SubscribeAsync(MqttClient opened, CancellationToken cancellation)
    {
        foreach (var wanted in Wanted())
        {
            try
            {
                subscriptions.Add(await opened.SubscribeAsync(wanted, cancellation));
            }
            catch (MqttException denied) when (denied.Error == MqttError.SubscriptionRefused)
            {
                refused.Add(wanted.Filter);
                MqttSourceLog.Refused(context.Logger, context.Name, denied.Message);
            }
        }
    }

    private void OnStateChanged(object? sender, MqttStateChangedEventArgs change)
    {
        if (change.State is MqttConnectionState.Lost { Reason: var reason }) lost.TrySetResult(reason);
    }

    /// <summary>Brings what waits in all the queues into one. Ends with the connection, when everything is
    /// over.</summary>
    private async Task PumpAsync(ChannelWriter<MqttMessage> into, CancellationToken end)
    {
        await Task.WhenAll(subscriptions.Select(One));
        into.TryComplete();

        async Task One(MqttSubscription subscription)
        {
            try
            {
                while (await subscription.Messages.WaitToReadAsync(end))
                    while (subscription.Messages.TryRead(out var message)) await into.WriteAsync(message, end);
            }
            catch (OperationCanceledException)
            {
                return; // the reader has left
            }
        }
    }

    private void Take(MqttMessage message, in MqttIntake into)
    {
        try
        {
            decoder.Take(message, in into);
        }
        catch (InvalidDataException wrong)
        {
            if (!saidBad) MqttSourceLog.BadMessage(context.Logger, context.Name, message.Topic, wrong.Message);
            saidBad = true;
        }
    }

    private void Look(in MqttIntake into)
    {
        decoder.Look(in into);
        foreach (var filter in refused)
        {
            foreach (var target in decoder.Targets)
            {
                if (!target.IsHeard && MqttTopicFilter.Matches(filter, decoder.TopicOf(target)))
                    samples.Tell(target, StatusCode.BadUserAccessDenied, in into);
            }
        }

        refused.Clear();
        if (saidQuiet || context.Time.GetElapsedTime(connectedAt) < config.Timeout) return;
        saidQuiet = true;
        foreach (var target in decoder.Targets)
        {
            if (!target.IsHeard && target.Told is null)
                samples.Tell(target, StatusCode.BadWaitingForInitialData, in into);
        }
    }

    private async Task CommandAsync(CancellationToken cancellation)
    {
        while (!lost.Task.IsCompleted && decoder.TakeCommand() is var (topic, payload))
        {
            MqttSourceLog.AsksForBirth(context.Logger, context.Name, topic);
            await client!.PublishAsync(topic, payload, MqttQos.AtMostOnce, retain: false, cancellation);
        }
    }

    /// <summary>Until a message comes or it is time to look. Once the connection is lost, what had come is taken in
    /// first; then the loss is thrown.</summary>
    private async Task WaitAsync(ChannelReader<MqttMessage> arrived, CancellationToken cancellation)
    {
        if (arrived.TryPeek(out _)) return;
        if (lost.Task.IsCompleted)
        {
            await DisposeAsync(); // ends the queues
            if (!await arrived.WaitToReadAsync(cancellation)) throw await lost.Task;
            return;
        }

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pause = Task.Delay(LookEvery, context.Time, done.Token);
        if (arrived.Completion.IsCompleted) await Task.WhenAny(lost.Task, pause); // nothing could be subscribed to
        else await Task.WhenAny(arrived.WaitToReadAsync(done.Token).AsTask(), lost.Task, pause);
        await done.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
