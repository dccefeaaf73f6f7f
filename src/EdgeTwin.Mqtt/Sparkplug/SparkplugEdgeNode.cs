using System.Text;

namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// A Sparkplug 3.0 edge node without a socket: what happens on the connection, what hosts send and the time come in,
/// messages go out through <see cref="ISparkplugOutput"/>. It alone counts <c>bdSeq</c> and <c>seq</c>. Not
/// thread-safe; its owner guards it.
/// </summary>
/// <remarks>
/// <code>
/// Offline ──Connect (will: NDEATH, bdSeq+1)── ConnectionMade ──> Connected ──Birth (host online)──> Online
///    ^                                                              │  NBIRTH seq 0, DBIRTHs         │ data, deaths
///    └───────────── ConnectionLost, Leave (NDEATH) ─────────────────┴────────────────────────────────┘
/// </code>
/// Times are milliseconds since 1970 in UTC. A message counts once the output has taken it.
/// </remarks>
public sealed class SparkplugEdgeNode
{
    /// <summary>Name of the metric by which a host asks for a birth.</summary>
    public const string RebirthName = "Node Control/Rebirth";

    /// <summary>Name of the metric that ties an NDEATH to its NBIRTH.</summary>
    public const string BirthDeathName = "bdSeq";

    /// <summary>What PUBLISH has beside topic and payload with QoS 0: fixed header, length of the topic, length of the
    /// properties of MQTT 5.0 (§3.3.2).</summary>
    private const int PublishOverhead = 5 + 2 + 1;

    private readonly SparkplugEdgeNodeOptions options;
    private readonly SparkplugTopics topics;
    private readonly ISparkplugMetrics metrics;
    private readonly ISparkplugOutput output;
    private readonly SparkplugWriter writer = new();
    private readonly RebirthAllowance rebirths = new();
    private readonly bool[] lives;
    private string? server;
    private byte? birthDeath;
    private byte sequence;
    private ulong? hostTimestamp;
    private int? dataDevice;
    private int emptyLength;
    private bool writing;

    /// <summary>Makes a node that is offline.</summary>
    /// <exception cref="ArgumentException">An id cannot be a level of a topic, or a device is there twice.</exception>
    public SparkplugEdgeNode(SparkplugEdgeNodeOptions options, ISparkplugMetrics metrics, ISparkplugOutput output)
    {
        if (SparkplugEdgeNodeOptions.Problem(options) is { } problem)
            throw new ArgumentException(problem, nameof(options));
        (this.options, this.metrics, this.output) = (options, metrics, output);
        topics = new SparkplugTopics(options);
        lives = new bool[options.Devices.Count];
        Array.Fill(lives, true);
    }

    /// <summary>Where it stands.</summary>
    public SparkplugNodeState State { get; private set; }

    /// <summary>Whether the primary host is online on this connection, or none is needed.</summary>
    public bool IsHostOnline { get; private set; }

    /// <summary>A host has asked for a birth that is not out yet.</summary>
    public bool IsRebirthDue { get; private set; }

    /// <summary>The <c>bdSeq</c> of the connection.</summary>
    public int BirthDeath => birthDeath ?? 0;

    /// <summary>Messages from hosts that were not what they should be.</summary>
    public long BadMessages { get; private set; }

    /// <summary>Topic of commands for the node, to be subscribed to with QoS 1 before the birth.</summary>
    public string NodeCommandTopic => topics.NodeCommand;

    /// <summary>Topic filter of commands for its devices.</summary>
    public string DeviceCommandFilter => topics.DeviceCommands;

    /// <summary>Topic of the primary host's state; null when there is none.</summary>
    public string? HostStateTopic => topics.HostState;

    /// <summary>A CONNECT is about to go out; returns the will for it, with the next <c>bdSeq</c>.</summary>
    /// <param name="server">Which broker; the times of the host's states count per broker (§5.12).</param>
    /// <param name="now">Time of the will's payload.</param>
    public MqttWill Connect(string server, ulong now)
    {
        if (server != this.server) hostTimestamp = null;
        this.server = server;
        State = SparkplugNodeState.Offline;
        IsHostOnline = options.PrimaryHostId is null;
        IsRebirthDue = false;
        birthDeath = unchecked((byte)(birthDeath + 1 ?? 0)); // 0 … 255, 0 … (tck-id-topics-nbirth-bdseq-increment)
        WriteDeath(now);
        return new MqttWill { Topic = topics.NodeDeath, Payload = writer.Written.ToArray(), Qos = MqttQos.AtLeastOnce };
    }

    /// <summary>CONNACK has come and the subscriptions are made.</summary>
    public void ConnectionMade() => State = SparkplugNodeState.Connected;

    /// <summary>The connection is gone; the broker publishes the will.</summary>
    public void ConnectionLost()
    {
        State = SparkplugNodeState.Offline;
        IsHostOnline = false;
        writing = false;
    }

    /// <summary>Takes what came on <see cref="HostStateTopic"/>. Returns whether the node must leave now: its primary
    /// host has gone.</summary>
    public bool ReceiveHostState(ReadOnlySpan<byte> payload)
    {
        if (!SparkplugHostState.TryRead(payload, out var state))
        {
            BadMessages++;
            return false;
        }
        // The will of a host's last connection may come after its new birth; it says an older time.
        if (state.Timestamp < hostTimestamp) return false;
        hostTimestamp = state.Timestamp;
        IsHostOnline = state.IsOnline;
        return !state.IsOnline && State == SparkplugNodeState.Online;
    }

    /// <summary>
    /// Takes an NCMD or DCMD. A wish for a birth sets <see cref="IsRebirthDue"/>; the other metrics are returned.
    /// </summary>
    /// <exception cref="MqttException">The payload cannot be read; it is counted.</exception>
    public IReadOnlyList<SparkplugCommand> ReceiveCommand(string topic, ReadOnlySpan<byte> payload)
    {
        int? device = null;
        if (topic != topics.NodeCommand && !TryFindDevice(topic, out device)) return [];
        try
        {
            var command = SparkplugReader.Read(payload);
            var wishes = new List<SparkplugCommand>();
            foreach (var metric in command.Metrics)
            {
                if (device is null && metric.Name == RebirthName) IsRebirthDue |= IsTrue(metric);
                else wishes.Add(new SparkplugCommand(device, metric, metric.Timestamp ?? command.Timestamp));
            }
            return wishes;
        }
        catch (MqttException)
        {
            BadMessages++;
            throw;
        }
    }

    /// <summary>Whether a birth should go out now: the host is there, and the node is not born or a rebirth is due and
    /// allowed.</summary>
    public bool ShouldGiveBirth(ulong now) => IsHostOnline && State switch
    {
        SparkplugNodeState.Connected => true,
        SparkplugNodeState.Online => IsRebirthDue && rebirths.TryTake(now),
        _ => false,
    };

    /// <summary>The largest message that a birth given now would have: its topic, and its size as a packet. Births
    /// cannot be split, so whoever knows what the broker takes asks before the first goes out.</summary>
    public (string Topic, int Bytes) LargestBirth(ulong now)
    {
        WriteNodeBirth(now, byte.MaxValue);
        var largest = (Topic: topics.NodeBirth, Bytes: PacketOf(topics.NodeBirth));
        for (var device = 0; device < lives.Length; device++)
        {
            if (!lives[device]) continue;
            WriteDeviceBirth(device, now, byte.MaxValue);
            var bytes = PacketOf(topics.DeviceBirth[device]);
            if (bytes > largest.Bytes) largest = (topics.DeviceBirth[device], bytes);
        }
        return (Encoding.UTF8.GetString(largest.Topic), largest.Bytes);
    }

    /// <summary>Publishes NBIRTH and the DBIRTH of every device that lives; <c>bdSeq</c> is that of the will.</summary>
    /// <exception cref="InvalidOperationException">There is no connection, or the primary host is offline.</exception>
    public void GiveBirth(ulong now)
    {
        if (State == SparkplugNodeState.Offline || !IsHostOnline)
            throw new InvalidOperationException("there is no birth without a connection and the primary host");
        State = SparkplugNodeState.Connected; // until all births are out
        IsRebirthDue = false;
        sequence = 0;
        WriteNodeBirth(now, sequence);
        Send(topics.NodeBirth);
        for (var device = 0; device < lives.Length; device++)
            if (lives[device]) DeviceBirth(device, now);
        State = SparkplugNodeState.Online;
    }

    /// <summary>Whether a device is connected to the node, as far as the node was told.</summary>
    public bool Lives(int device) => lives[device];

    /// <summary>A device has come back: its birth goes out, now or with the node's.</summary>
    public void DeviceCame(int device, ulong now)
    {
        if (lives[device]) return;
        lives[device] = true;
        if (State == SparkplugNodeState.Online) DeviceBirth(device, now);
    }

    /// <summary>The connection to a device is lost: its death goes out.</summary>
    public void DeviceWent(int device, ulong now)
    {
        if (!lives[device]) return;
        lives[device] = false;
        if (State != SparkplugNodeState.Online) return;
        writer.Begin(now, sequence);
        Send(topics.DeviceDeath[device]);
    }

    /// <summary>Bytes that a data message has as a packet beside its payload.</summary>
    /// <param name="device">Whose; null for the node's own.</param>
    public int DataOverhead(int? device) =>
        PublishOverhead + (device is { } rank ? topics.DeviceData[rank] : topics.NodeData).Length;

    /// <summary>Begins a data message; the metrics go into what this returns, then <see cref="SendData"/>.</summary>
    /// <param name="device">Whose; null for the node's own.</param>
    /// <param name="now">Time of the payload.</param>
    /// <exception cref="InvalidOperationException">Births are not out, or the device does not live.</exception>
    public SparkplugWriter BeginData(int? device, ulong now)
    {
        if (State != SparkplugNodeState.Online || (device is { } rank && !lives[rank]))
            throw new InvalidOperationException("there is no data before a birth");
        writer.Begin(now, sequence);
        (dataDevice, emptyLength, writing) = (device, writer.Length, true);
        return writer;
    }

    /// <summary>Publishes the data message.</summary>
    /// <exception cref="InvalidOperationException">None was begun, or it is empty.</exception>
    public void SendData()
    {
        if (!writing || writer.Length == emptyLength) throw new InvalidOperationException("there is no data to send");
        writing = false;
        Send(dataDevice is { } device ? topics.DeviceData[device] : topics.NodeData);
    }

    /// <summary>Publishes NDEATH, before the node disconnects on purpose; nothing where no birth was.</summary>
    public void Leave(ulong now)
    {
        var isBorn = State == SparkplugNodeState.Online;
        State = SparkplugNodeState.Offline;
        if (!isBorn) return;
        WriteDeath(now);
        output.Publish(topics.NodeDeathBytes, writer.Written, MqttQos.AtLeastOnce);
    }

    private void DeviceBirth(int device, ulong now)
    {
        WriteDeviceBirth(device, now, sequence);
        Send(topics.DeviceBirth[device]);
    }

    private void WriteNodeBirth(ulong now, byte number)
    {
        writer.Begin(now, number);
        WriteBirthDeath(now);
        writer.Metric(new SparkplugMetric
        {
            Name = RebirthName, // no alias: a host must be able to ask before it knows any
            Timestamp = now,
            DataType = SparkplugDataType.Boolean,
            Value = SparkplugValue.From(false),
        });
        metrics.WriteNodeBirth(writer, now);
    }

    private void WriteDeviceBirth(int device, ulong now, byte number)
    {
        writer.Begin(now, number);
        metrics.WriteDeviceBirth(device, writer, now);
    }

    private int PacketOf(byte[] topic) => PublishOverhead + topic.Length + writer.Length;

    private void Send(byte[] topic)
    {
        output.Publish(topic, writer.Written, MqttQos.AtMostOnce);
        sequence++; // 255 is followed by 0 (tck-id-payloads-sequence-num-incrementing)
    }

    // Nothing but bdSeq, and no seq (tck-id-topics-ndeath-payload, tck-id-payloads-ndeath-seq).
    private void WriteDeath(ulong now)
    {
        writer.Begin(now, null);
        WriteBirthDeath(now);
    }

    private void WriteBirthDeath(ulong now) => writer.Metric(new SparkplugMetric
    {
        Name = BirthDeathName,
        Timestamp = now,
        DataType = SparkplugDataType.Int64,
        Value = SparkplugValue.FromInt64(birthDeath ?? 0),
    });

    private static bool IsTrue(in SparkplugMetric metric) =>
        metric.Value is { Field: SparkplugField.Boolean, Bits: 1 };

    private bool TryFindDevice(string topic, out int? device)
    {
        device = null;
        if (topics.CommandedDevice(topic) is not { } name) return false;
        for (var i = 0; i < options.Devices.Count && device is null; i++)
            if (options.Devices[i] == name) device = i;
        if (device is null) BadMessages++;
        return device is not null;
    }
}
