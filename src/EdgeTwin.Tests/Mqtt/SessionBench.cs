using System.Buffers;
using System.Text;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>A session with nothing around it: bytes in, bytes out, the time by hand.</summary>
internal sealed class SessionBench(MqttClientOptions options)
{
    public MqttSession Session { get; } = new(options);

    public OutputBuffer Output { get; } = new();

    public TimeSpan Now { get; set; }

    public void Connect(bool sessionPresent = false)
    {
        Session.Connect(Output, Now);
        Sent();
        Receive([0x20, 2, (byte)(sessionPresent ? 1 : 0), 0]);
    }

    public bool TryPublish(string topic, string payload, MqttQos qos, bool retain, IMqttPublishObserver? observer =
        null, long token = 0) =>
        Session.TryPublish(Output, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), qos, retain,
            observer, token, Now);

    /// <summary>Feeds exactly one packet.</summary>
    public MqttEffect Receive(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        if (!MqttFrame.TryRead(ref buffer, options.MaxPacketSize, out var frame))
            throw new InvalidOperationException("the test feeds an incomplete packet");
        return Session.Receive(frame.Type, frame.Flags, frame.Body.FirstSpan, Output, Now);
    }

    public MqttEffect Acknowledge(int packetId) => Receive([0x40, 2, (byte)(packetId >> 8), (byte)packetId]);

    /// <summary>What was written since the last call.</summary>
    public byte[] Sent()
    {
        var sent = Output.Written.ToArray();
        Output.Clear();
        return sent;
    }
}
