using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Upstream.Downward;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>An uplink over MQTT: QoS 1, proof of delivery is PUBACK. A new client for each connection.</summary>
internal sealed class MqttUplink : IUplink
{
    private readonly MqttUplinkConfig config;
    private readonly UplinkContext context;
    private readonly IPayloadFormat format;
    private readonly PayloadPress? press;
    private readonly Utf8Payload payload = new();
    private readonly string statusTopic;
    private readonly string? commandTopic;
    private readonly CommandInbox inbox;
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
        statusTopic = $"{context.AssetPath}/$gateway";
        inbox = new CommandInbox(context, "mqtt", config.CommandAge);
        if (config.Commands is { } commands)
            commandTopic = Encoding.UTF8.GetString(new TopicTemplate(commands).Fill(
                context.AssetPath, context.GatewayId, ""));
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
            await next.Client.ConnectAsync(cancellation);
            if (config.Status) await AnnounceAsync(next.Client, "online"u8.ToArray());
        }
        catch (MqttException error)
        {
            broker = (broker + 1) % brokers.Count;
            throw new UplinkException(error.Message, error);
        }
    }

    public int TrySend(SampleRun run, long token)
    {
        if (current is not { } connection) throw new UplinkException("there is no connection");
        payload.Clear();
        var count = format.Encode(run, payload, out var topic);
        var bytes = payload.Written;
        press?.Pack(ref topic, ref bytes);
        try
        {
            return connection.Client.TryPublish(topic, bytes, MqttQos.AtLeastOnce, config.Retain, connection,
                token)
                ? count
                : 0;
        }
        catch (MqttException error)
        {
            throw new UplinkException(error.Message, error);
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

        public void Mute()
        {
            muted = true;
            Client.StateChanged -= OnStateChanged;
        }

        public void Acknowledged(long token) => observer.Delivered(token);

        // A message that the broker does not want must not be lost in silence, so the connection ends with the reason.
        public void Refused(long token, MqttException reason)
        {
            if (!muted) observer.Lost(new UplinkException(reason.Message, reason));
        }

        public void Lost(long token, MqttException reason)
        {
            // The loss of the connection is told once, by its state; the pump knows what was in flight.
        }

        private void OnStateChanged(object? sender, MqttStateChangedEventArgs change)
        {
            if (!muted && change.State is MqttConnectionState.Lost lost)
                observer.Lost(new UplinkException(lost.Reason.Message, lost.Reason));
        }
    }
}
