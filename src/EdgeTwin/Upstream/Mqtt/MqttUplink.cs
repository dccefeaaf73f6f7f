using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Upstream.Downward;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>An uplink over MQTT: QoS 1, proof of delivery is PUBACK. A new client for each connection.</summary>
internal sealed class MqttUplink : IUplink
{
    /// <summary>The most that PUBLISH has beside topic, payload and properties: fixed header, length of the topic,
    /// packet identifier, length of the properties.</summary>
    private const int PublishOverhead = 5 + 2 + 2 + 1;

    private readonly MqttUplinkConfig config;
    private readonly UplinkContext context;
    private readonly IPayloadFormat format;
    private readonly PayloadPress? press;
    private readonly MqttMessageProperties? notes;
    private readonly int overhead;
    private readonly Utf8Payload payload = new();
    private readonly string statusTopic;
    private readonly string? commandTopic;
    private readonly CommandInbox inbox;
    private readonly MessageLimit limit;
    private readonly IReadOnlyList<Uri> brokers;
    private readonly Lock gate = new();
    private int broker;
    private Connection? current;

    private MqttUplink(MqttUplinkConfig config, UplinkContext context)
    {
        this.config = config;
        this.context = context;
        brokers = [config.Endpoint, .. config.Alternatives];
        format = PayloadFormats.Create(config, context);
        press = PayloadPress.For(config.Batch?.Compression ?? Compression.None);
        notes = PayloadNotes.Of(config);
        overhead = PublishOverhead + PayloadNotes.LengthOf(notes);
        statusTopic = $"{context.AssetPath}/$gateway";
        inbox = new CommandInbox(context, "mqtt", config.CommandAge);
        if (config.Commands is { } commands)
            commandTopic = Encoding.UTF8.GetString(new TopicTemplate(commands).Fill(
                context.AssetPath, context.GatewayId, ""));
        limit = new MessageLimit(context.Time);
    }

    public string Target => brokers[broker].GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);

    public int Window => config.Window;

    public static IUplink Create(UplinkConfig config, UplinkContext context) =>
        new MqttUplink((MqttUplinkConfig)config, context);

    public async Task ConnectAsync(IUplinkObserver observer, CancellationToken cancellation)
    {
        await EndAsync();
        var will = config.Status
            ? new MqttWill
            {
                Topic = statusTopic,
                Payload = "offline"u8.ToArray(),
                Qos = MqttQos.AtLeastOnce,
                Retain = true,
            }
            : null;
        var options = MqttUplinkOptions.From(config, brokers[broker], context, will);
        var client = new MqttClient(options, context.Time);
        var next = new Connection(client, observer)
        {
            Commands = commandTopic is null ? null : new JsonCommands(context, inbox, client, commandTopic, Target),
        };
        lock (gate) current = next;
        try
        {
            var granted = await next.Client.ConnectAsync(cancellation);
            next.Sizes = new SizeWatch(limit, (int)Math.Min(options.MaxPacketSize, granted.MaximumPacketSize
                ?? int.MaxValue));
            if (config.Status) await GreetAsync(next.Client, cancellation);
        }
        catch (MqttException error)
        {
            broker = (broker + 1) % brokers.Count;
            throw new UplinkException(error.Message, error);
        }
    }

    public SendOutcome TrySend(SampleRun run, long token)
    {
        if (current is not { Sizes: { } sizes } connection) throw new UplinkException("there is no connection");
        while (true)
        {
            payload.Clear();
            var count = format.Encode(run, payload, out var topic);
            var bytes = payload.Written;
            press?.Pack(ref topic, ref bytes);
            var size = topic.Length + bytes.Length + overhead;
            switch (sizes.Judge(size, canSplit: count > 1 || !run.IsHistory))
            {
                case SizeVerdict.Wait:
                    return SendOutcome.Full;
                case SizeVerdict.Refuse:
                    return SendOutcome.Refused(sizes.Reason(size));
                case SizeVerdict.Split:
                    run = run.Take((count + 1) / 2).AsHistory(); // history has its own values only, never all of them
                    continue;
            }

            sizes.Sending(token, size);
            if (connection.TryPublish(topic, bytes, config.Retain, token, notes)) return new SendOutcome(count);
            sizes.Withdraw(token);
            return SendOutcome.Full;
        }
    }

    public ValueTask FlushAsync() => current?.Client.FlushAsync() ?? default;

    public async Task DisconnectAsync(TimeSpan patience)
    {
        if (current is not { Client.IsConnected: true } connection) return;
        connection.Mute();
        try
        {
            // DISCONNECT makes the broker forget the last will, so the same is said here.
            if (config.Status) await AnnounceAsync(connection.Client, "offline"u8.ToArray());
        }
        catch (MqttException)
        {
            return; // lost just now: the last will says it
        }
        await connection.Client.DisconnectAsync(patience);
    }

    public void Abort()
    {
        Connection? connection;
        lock (gate) connection = current;
        connection?.Mute();
        connection?.Client.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        press?.Dispose();
    }

    private async Task EndAsync()
    {
        Connection? last;
        lock (gate)
        {
            last = current;
            current = null;
        }
        if (last is null) return;
        last.Mute();
        await last.Client.DisposeAsync();
        if (last.Commands is { } commands) await commands.DisposeAsync();
    }

    // Its acknowledgement shows that the broker takes messages from this client at all. Where it may not say so, the
    // samples may nevertheless.
    private async Task GreetAsync(MqttClient client, CancellationToken cancellation)
    {
        try
        {
            await client.PublishAsync(statusTopic, "online"u8.ToArray(), MqttQos.AtLeastOnce, retain: true,
                cancellation);
            limit.Alive();
        }
        catch (MqttException refused) when (refused.Error == MqttError.PublishRefused)
        {
            UplinkLog.StatusRefused(context.Logger, context.Name, statusTopic, refused.Message);
        }
    }

    private async Task AnnounceAsync(MqttClient client, byte[] status)
    {
        client.TryPublish(Encoding.UTF8.GetBytes(statusTopic), status, MqttQos.AtLeastOnce, true, null, 0);
        await client.FlushAsync();
    }

    /// <summary>Passes on what one client tells, until it is muted: the past does not speak into the next
    /// connection.</summary>
    private sealed class Connection : IMqttPublishObserver
    {
        private readonly IUplinkObserver observer;
        private volatile bool muted;

        public Connection(MqttClient client, IUplinkObserver observer)
        {
            Client = client;
            this.observer = observer;
            client.StateChanged += OnStateChanged;
        }

        public MqttClient Client { get; }

        /// <summary>Takes commands; null where none are taken.</summary>
        public JsonCommands? Commands { get; init; }

        /// <summary>Null until the broker has accepted the connection.</summary>
        public SizeWatch? Sizes { get; set; }

        /// <exception cref="UplinkException">The connection is gone.</exception>
        public bool TryPublish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retain, long token,
            MqttMessageProperties? notes)
        {
            try
            {
                return Client.TryPublish(topic, payload, MqttQos.AtLeastOnce, retain, this, token, notes);
            }
            catch (MqttException error)
            {
                throw new UplinkException(error.Message, error);
            }
        }

        public void Mute()
        {
            muted = true;
            Client.StateChanged -= OnStateChanged;
        }

        public void Acknowledged(long token)
        {
            Sizes?.Proven(token);
            observer.Delivered(token);
        }

        // Mostly an access rule, which a person puts right: the message must not be lost, so the connection ends with
        // the reason and the pump tries again, ever more slowly.
        public void Refused(long token, MqttException reason)
        {
            if (reason.Reason == MqttReasonCode.PacketTooLarge) Sizes?.TooLarge(token);
            if (!muted) observer.Lost(new UplinkException(reason.Message, reason));
        }

        public void Lost(long token, MqttException reason)
        {
            // The loss of the connection is told once, by its state; the pump knows what was in flight.
        }

        private void OnStateChanged(object? sender, MqttStateChangedEventArgs change)
        {
            if (!muted && change.State is MqttConnectionState.Lost lost)
                observer.Lost(new UplinkException(Sizes?.Describe(lost.Reason) ?? lost.Reason.Message, lost.Reason));
        }
    }
}
