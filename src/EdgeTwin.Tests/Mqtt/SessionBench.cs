using System.Buffers;
using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Golden;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>A session with nothing around it: bytes in, bytes out, the time by hand.</summary>
internal sealed class SessionBench(MqttClientOptions options)
{
    private int nextPacketId;

    public MqttSession Session { get; } = new(options);

    public OutputBuffer Output { get; } = new();

    public TimeSpan Now { get; set; }

    public void Connect(bool sessionPresent = false)
    {
        Session.Connect(Output, Now);
        Sent();
        Receive(ConnAck(sessionPresent, ""));
    }

    /// <summary>Connects; the properties of CONNACK in hexadecimal (MQTT 5.0).</summary>
    public MqttEffect Connect(string properties, bool sessionPresent = false)
    {
        Session.Connect(Output, Now);
        Sent();
        return Receive(ConnAck(sessionPresent, properties));
    }

    public bool TryPublish(
        string topic, string payload, MqttQos qos, bool retain, IMqttPublishObserver? observer = null, long token = 0,
        MqttMessageProperties? properties = null) =>
        Session.TryPublish(Output, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), qos, retain,
            properties, observer, token, Now);

    public bool TrySubscribe(MqttSubscribeOptions subscription) =>
        Session.TrySubscribe(Output, subscription, new SubscribeOperation(), Now);

    public MqttEffect Receive(string annotated) => Receive(MqttGoldenTests.Bytes(annotated));

    /// <summary>Feeds exactly one packet.</summary>
    public MqttEffect Receive(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        if (!MqttFrame.TryRead(ref buffer, options.MaxPacketSize, out var frame))
            throw new InvalidOperationException("the test feeds an incomplete packet");
        return Session.Receive(frame.Type, frame.Flags, frame.Body.FirstSpan, Output, Now);
    }

    /// <summary>The identifier of the next message, when each gets the one after the last.</summary>
    public int NextPacketId() => nextPacketId = nextPacketId % 65_535 + 1;

    public MqttEffect Acknowledge(int packetId) => Receive([0x40, 2, (byte)(packetId >> 8), (byte)packetId]);

    /// <summary>What was written since the last call.</summary>
    public byte[] Sent()
    {
        var sent = Output.Written.ToArray();
        Output.Clear();
        return sent;
    }

    private byte[] ConnAck(bool sessionPresent, string properties)
    {
        var flags = (byte)(sessionPresent ? 1 : 0);
        if (options.Version < MqttProtocolVersion.V5) return [0x20, 2, flags, 0];
        var said = MqttGoldenTests.Bytes(properties);
        return [0x20, (byte)(3 + said.Length), flags, 0, (byte)said.Length, .. said];
    }
}
