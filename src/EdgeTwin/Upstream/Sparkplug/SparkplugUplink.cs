using EdgeTwin.Journal;
using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using EdgeTwin.Upstream.Mqtt;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// An uplink as a Sparkplug B edge node over MQTT 3.1.1. The node outlives its connections, for it counts them; a new
/// client for each. Proof of delivery: <c>docs/decisions/0004-sparkplug-delivery-proof.md</c>.
/// </summary>
internal sealed class SparkplugUplink : IUplink, ISparkplugOutput
{
    /// <summary>With several brokers: how long to wait for the primary host on one.</summary>
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that the body has, where the filter left nothing out.</summary>
    private const int PlaceBytes = 80;

    private readonly SparkplugUplinkConfig config;
    private readonly UplinkContext context;
    private readonly IReadOnlyList<Uri> brokers;
    private readonly SparkplugDevices devices;
    private readonly MessageLimit limit;
    private int broker;
    private SparkplugConnection? current;

    private SparkplugUplink(SparkplugUplinkConfig config, UplinkContext context)
    {
        this.config = config;
        this.context = context;
        brokers = [config.Endpoint, .. config.Alternatives];
        devices = new SparkplugDevices(
            context.Tags, config.Device ?? context.AssetPath[(context.AssetPath.LastIndexOf('/') + 1)..]);
        Metrics = new SparkplugMetrics(context.Tags, devices,
            config.Templates ? new SparkplugTemplates(context.Tags, devices, context.TypeOf) : null);
        limit = new MessageLimit(context.Time);
        Commands = new SparkplugCommands(context, Metrics, devices, config.CommandAge);
        Node = new SparkplugEdgeNode(
            new SparkplugEdgeNodeOptions
            {
                GroupId = config.Group,
                NodeId = config.Node ?? context.GatewayId,
                Devices = devices.Ids,
                PrimaryHostId = config.PrimaryHost,
            },
            Metrics, this);
    }

    public string Target => brokers[broker].GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);

    public int Window => config.Window;

    /// <summary>Guards the node, the metrics and what a connection knows of its messages.</summary>
    public Lock Gate { get; } = new();

    public SparkplugEdgeNode Node { get; }

    public SparkplugMetrics Metrics { get; }

    public SparkplugCommands Commands { get; }

    public TimeProvider Time => context.Time;

    public string? HostId => config.PrimaryHost;

    /// <summary>There is another broker to go to.</summary>
    public bool HasAlternatives => brokers.Count > 1;

    public ulong NowMilliseconds => SparkplugTypes.Milliseconds(context.Time.GetUtcNow().UtcDateTime);

    public static IUplink Create(UplinkConfig config, UplinkContext context) =>
        new SparkplugUplink((SparkplugUplinkConfig)config, context);

    public async Task ConnectAsync(IUplinkObserver observer, CancellationToken cancellation)
    {
        await EndAsync();
        var next = Open(observer);
        try
        {
            var granted = await next.Client.ConnectAsync(cancellation);
            next.Sizes = new SizeWatch(limit, (int)Math.Min(SparkplugMetrics.MostBirthBytes,
                granted.MaximumPacketSize ?? int.MaxValue));
            lock (Gate) Node.ConnectionMade();
            next.Start();
            if (config.PrimaryHost is { } host) SparkplugLog.WaitsForHost(context.Logger, context.Name, Target, host);
            if (!HasAlternatives || config.PrimaryHost is null) await next.Born.WaitAsync(cancellation);
            else await next.Born.WaitAsync(HostPatience, context.Time, cancellation);
            SparkplugLog.Born(context.Logger, context.Name, Node.BirthDeath);
        }
        catch (MqttException error)
        {
            TryNextBroker();
            throw new UplinkException(error.Message, error);
        }
        catch (UplinkException)
        {
            TryNextBroker();
            throw;
        }
        catch (TimeoutException)
        {
            TryNextBroker();
            throw new UplinkException($"the primary host '{config.PrimaryHost}' is not online at this broker");
        }
    }

    public SendOutcome TrySend(SampleRun run, long token)
    {
        lock (Gate)
        {
            if (current is not { Sizes: { } sizes } connection) throw new UplinkException("there is no connection");
            if (Node.State != SparkplugNodeState.Online) throw new UplinkException("the edge node is not online");
            try
            {
                var device = devices.Of(run.Samples[0].Tag);
                var most = sizes.Most - Node.DataOverhead(device) - PlaceBytes;
                var count = WriteData(device, run, most, out var size);
                var verdict = sizes.Judge(size, canSplit: count > 1);
                while (verdict == SizeVerdict.Split) // places that the filter left out make the body long
                {
                    Metrics.Withdraw();
                    count = WriteData(device, run.Take((count + 1) / 2), most, out size);
                    verdict = sizes.Judge(size, canSplit: count > 1);
                }

                if (verdict != SizeVerdict.Send)
                {
                    Metrics.Withdraw();
                    return verdict == SizeVerdict.Wait ? SendOutcome.Full : SendOutcome.Refused(sizes.Reason(size));
                }

                sizes.Sending(token, size);
                Node.SendData();
                connection.Sent(token);
                return new SendOutcome(count);
            }
            catch (MqttException error)
            {
                throw new UplinkException(error.Message, error);
            }
        }
    }

    public ValueTask FlushAsync() => current?.FlushAsync() ?? default;

    public async Task DisconnectAsync(TimeSpan patience)
    {
        if (current is { } connection) await connection.LeaveAsync(patience);
    }

    public void Abort()
    {
        SparkplugConnection? connection;
        lock (Gate)
        {
            connection = current;
            if (connection is not null) Node.ConnectionLost();
        }
        connection?.Mute();
        connection?.Client.Abort();
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    void ISparkplugOutput.Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos) =>
        current!.Client.TryPublish(topic, payload, qos, retain: false, null, 0);

    public ValueTask<LiveState?> LiveAsync(CancellationToken cancellation) =>
        context.Live is { } live ? Taken(live(cancellation)) : new ValueTask<LiveState?>((LiveState?)null);

    /// <summary>The next connection goes to the next broker
    /// (tck-id-operational-behavior-primary-application-state-with-multiple-servers-walk).</summary>
    public void TryNextBroker() => broker = (broker + 1) % brokers.Count;

    public void Complain(string topic, string reason) =>
        SparkplugLog.BadMessage(context.Logger, context.Name, topic, reason);

    // Size is that of the packet.
    private int WriteData(int device, SampleRun run, int mostBytes, out int size)
    {
        var data = Node.BeginData(device, NowMilliseconds);
        var count = Metrics.WriteData(run, data, mostBytes);
        size = data.Length + Node.DataOverhead(device);
        return count;
    }

    private static async ValueTask<LiveState?> Taken(ValueTask<LiveState> state) => await state;

    private SparkplugConnection Open(IUplinkObserver observer)
    {
        lock (Gate)
        {
            var will = Node.Connect(brokers[broker].AbsoluteUri, NowMilliseconds);
            var options = MqttUplinkOptions.From(config, brokers[broker], context, will) with
            {
                MaxPacketSize = SparkplugMetrics.MostBirthBytes,
            };
            return current = new SparkplugConnection(this, new MqttClient(options, context.Time), observer, Window,
                config.Settle);
        }
    }

    private async Task EndAsync()
    {
        SparkplugConnection? last;
        lock (Gate)
        {
            last = current;
            current = null;
        }
        if (last is not null) await last.DisposeAsync();
    }
}
