using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeTwin.Mqtt.Packets;

namespace EdgeTwin.Mqtt;

/// <summary>
/// The protocol without a socket: packets and the time come in, bytes and effects go out. Knows the in-flight window,
/// packet identifiers and every deadline. Not thread-safe; its connection guards it.
/// </summary>
/// <remarks>
/// Keep alive. A ping goes out when nothing was sent, or nothing received, for three quarters of the interval; the
/// answer is due within half of it. So a dead peer is found after 1.25 intervals, even while there is plenty to send.
/// </remarks>
internal sealed class MqttSession
{
    private readonly MqttClientOptions options;
    private readonly InFlightTable inFlight;
    private Phase phase;
    private TimeSpan connectSent;
    private TimeSpan lastSent;
    private TimeSpan lastReceived;
    private TimeSpan lastProgress;
    private TimeSpan? pingSent;

    public MqttSession(MqttClientOptions options)
    {
        MqttClientOptions.Validate(options);
        this.options = options;
        inFlight = new InFlightTable(options.Window);
    }

    private enum Phase
    {
        Idle,
        Connecting,
        Connected,
    }

    public bool IsConnected => phase == Phase.Connected;

    public int InFlightCount => inFlight.Count;

    private static MqttProtocolVersion Version => MqttProtocolVersion.V311;

    /// <summary>Writes CONNECT, the first packet of a connection.</summary>
    public void Connect(OutputBuffer output, TimeSpan now)
    {
        var packet = new ConnectPacket
        {
            ClientId = options.ClientId,
            CleanSession = options.CleanSession,
            KeepAliveSeconds = (int)options.KeepAlive.TotalSeconds,
            Will = options.Will,
            User = options.User,
            Password = options.Password,
        };
        var writer = Writer(output, packet.RemainingLength);
        packet.Write(ref writer);
        output.Advance(writer.Written);
        phase = Phase.Connecting;
        connectSent = lastSent = lastReceived = lastProgress = now;
        pingSent = null;
    }

    /// <summary>Writes PUBLISH. False when the window has no place (QoS 1).</summary>
    /// <exception cref="MqttException">NotConnected, or TooLarge.</exception>
    public bool TryPublish(
        OutputBuffer output, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain,
        IMqttPublishObserver? observer, long token, TimeSpan now)
    {
        RequireConnection();
        CheckSize(topic.Length, payload.Length);
        ushort id = 0;
        if (qos != MqttQos.AtMostOnce)
        {
            if (inFlight.IsFull) return false;
            id = inFlight.Add(MqttPacketType.PubAck, observer, token).PacketId;
            if (inFlight.Count == 1) lastProgress = now;
        }

        var packet = new PublishPacket { Topic = topic, Payload = payload, Qos = qos, Retain = retain, PacketId = id };
        var writer = Writer(output, packet.RemainingLength);
        packet.Write(ref writer);
        if (id != 0 && !options.CleanSession) Keep(id, output, writer.Written);
        output.Advance(writer.Written);
        lastSent = now;
        return true;
    }

    /// <summary>Writes SUBSCRIBE. False when the window has no place.</summary>
    public bool TrySubscribe(OutputBuffer output, string filter, MqttQos qos, IMqttPublishObserver observer,
        TimeSpan now)
    {
        RequireConnection();
        if (inFlight.IsFull) return false;
        var packet = new SubscribePacket(inFlight.Add(MqttPacketType.SubAck, observer, 0).PacketId, filter, qos);
        var writer = Writer(output, packet.RemainingLength);
        packet.Write(ref writer);
        output.Advance(writer.Written);
        lastSent = lastProgress = now;
        return true;
    }

    /// <summary>Writes UNSUBSCRIBE. False when the window has no place.</summary>
    public bool TryUnsubscribe(OutputBuffer output, string filter, IMqttPublishObserver observer, TimeSpan now)
    {
        RequireConnection();
        if (inFlight.IsFull) return false;
        var packet = new UnsubscribePacket(inFlight.Add(MqttPacketType.UnsubAck, observer, 0).PacketId, filter);
        var writer = Writer(output, packet.RemainingLength);
        packet.Write(ref writer);
        output.Advance(writer.Written);
        lastSent = lastProgress = now;
        return true;
    }

    /// <summary>Writes DISCONNECT, after which the broker forgets the will.</summary>
    public void Disconnect(OutputBuffer output)
    {
        if (phase != Phase.Connected) return;
        WriteEmpty(output, MqttPacketType.Disconnect);
        phase = Phase.Idle;
    }

    /// <summary>Takes one packet from the broker.</summary>
    /// <exception cref="MqttException">The packet is malformed, not allowed now, or refuses the connection.</exception>
    public MqttEffect Receive(MqttPacketType type, int flags, ReadOnlySpan<byte> body, OutputBuffer output,
        TimeSpan now)
    {
        if (phase == Phase.Connecting != (type == MqttPacketType.ConnAck)) // [MQTT-3.2.0-1]
            throw MqttException.Violation(phase == Phase.Connecting ? $"{type} before CONNACK" : "a second CONNACK");
        lastReceived = now;
        pingSent = null;
        var reader = new MqttReader(body, Version);
        switch (type)
        {
            case MqttPacketType.ConnAck:
                return Accept(ConnAckPacket.Read(ref reader), output, now);
            case MqttPacketType.Publish:
                var publish = PublishPacket.Read(flags, ref reader);
                return new MqttEffect
                {
                    Message = new MqttMessage(Encoding.UTF8.GetString(publish.Topic), publish.Payload.ToArray(),
                        publish.Qos,
                        publish.Retain, publish.Dup),
                    PacketId = publish.PacketId,
                };
            case MqttPacketType.PubAck or MqttPacketType.UnsubAck:
                return Complete(AckPacket.Read(ref reader).PacketId, type, 0, now);
            case MqttPacketType.SubAck:
                var ack = SubAckPacket.Read(ref reader);
                return Complete(ack.PacketId, type, ack.ReturnCode, now);
            default: // PINGRESP; the rest is refused where frames are cut
                reader.End();
                return default;
        }
    }

    /// <summary>Writes PUBACK for a received message that the application now has.</summary>
    public void AcknowledgeMessage(ushort packetId, OutputBuffer output, TimeSpan now)
    {
        if (phase != Phase.Connected) return;
        var writer = Writer(output, AckPacket.RemainingLength);
        new AckPacket(packetId).WritePubAck(ref writer);
        output.Advance(writer.Written);
        lastSent = now;
    }

    /// <summary>Reading was paused by this side until now, so silence proves nothing about the peer.</summary>
    public void ReadingResumed(TimeSpan now)
    {
        lastReceived = lastProgress = now;
        pingSent = null;
    }

    /// <summary>Does what is due: writes PINGREQ, or finds the peer dead. Returns when to come again; null for
    /// never.</summary>
    /// <exception cref="MqttException">TimedOut.</exception>
    public TimeSpan? Tick(OutputBuffer output, TimeSpan now)
    {
        switch (phase)
        {
            case Phase.Idle:
                return null;
            case Phase.Connecting:
                var due = connectSent + options.ConnectTimeout;
                return now < due ? due : throw TimedOut("CONNACK", options.ConnectTimeout);
        }

        TimeSpan? next = null;
        if (inFlight.Count > 0)
        {
            next = lastProgress + options.AcknowledgeTimeout;
            if (now >= next) throw TimedOut("an acknowledgement", options.AcknowledgeTimeout);
        }
        if (options.KeepAlive < TimeSpan.FromSeconds(1)) return next ?? now + options.AcknowledgeTimeout;

        if (pingSent is null && now >= Earlier(lastSent, lastReceived) + options.KeepAlive * 0.75)
        {
            WriteEmpty(output, MqttPacketType.PingReq);
            pingSent = lastSent = now;
        }
        var ping = pingSent is { } sent ? sent + options.KeepAlive / 2
            : Earlier(lastSent, lastReceived) + options.KeepAlive * 0.75;
        if (now >= ping) throw TimedOut("an answer to a ping", options.KeepAlive / 2);
        return next is { } other ? Earlier(other, ping) : ping;
    }

    /// <summary>
    /// The connection is gone. What cannot outlive it is returned, in the order of sending, so that its observers hear
    /// of it; a kept session keeps its unacknowledged messages.
    /// </summary>
    public List<InFlight> ConnectionLost()
    {
        phase = Phase.Idle;
        var lost = new List<InFlight>();
        foreach (var request in inFlight.InOrder())
        {
            if (request.Packet is not null) continue;
            inFlight.TryRemove(request.PacketId, request.Awaits, out _);
            lost.Add(request);
        }
        return lost;
    }

    /// <summary>The client ends: gives up the kept messages too.</summary>
    public List<InFlight> Abandon()
    {
        phase = Phase.Idle;
        var all = inFlight.InOrder();
        foreach (var request in all)
        {
            inFlight.TryRemove(request.PacketId, request.Awaits, out _);
            if (request.Packet is not null) ArrayPool<byte>.Shared.Return(request.Packet);
        }
        return all;
    }

    private MqttEffect Accept(ConnAckPacket packet, OutputBuffer output, TimeSpan now)
    {
        if (packet.ReturnCode != 0)
            throw new MqttException(MqttError.Refused, ConnAckPacket.Describe(packet.ReturnCode), null,
                packet.ReturnCode);
        if (packet.SessionPresent && options.CleanSession) // [MQTT-3.2.2-1]
            throw MqttException.Violation("CONNACK with a session where a clean one was asked for");
        phase = Phase.Connected;
        lastProgress = now;
        foreach (var request in inFlight.InOrder()) SendAgain(request, packet.SessionPresent, output, now);
        return new MqttEffect { Accepted = true, SessionPresent = packet.SessionPresent };
    }

    // In a session that the broker remembers this is a re-delivery and says so; in a new one it is a first delivery
    // (§3.3.1.1).
    private void SendAgain(in InFlight request, bool sessionPresent, OutputBuffer output, TimeSpan now)
    {
        var target = output.Reserve(request.PacketLength);
        request.Packet.AsSpan(0, request.PacketLength).CopyTo(target);
        if (sessionPresent) target[0] |= PublishPacket.DupFlag;
        output.Advance(request.PacketLength);
        lastSent = now;
    }

    private MqttEffect Complete(ushort packetId, MqttPacketType acknowledgement, byte returnCode, TimeSpan now)
    {
        if (!inFlight.TryRemove(packetId, acknowledgement, out var request))
            throw MqttException.Violation(
                $"{acknowledgement} for packet identifier {packetId}, which nothing waits for");
        if (request.Packet is not null) ArrayPool<byte>.Shared.Return(request.Packet);
        lastProgress = now;
        return new MqttEffect
        {
            Completed = true,
            Observer = request.Observer,
            Token = request.Token,
            ReturnCode = returnCode,
        };
    }

    private void Keep(ushort id, OutputBuffer output, int length)
    {
        var packet = ArrayPool<byte>.Shared.Rent(length);
        output.Reserve(0)[..length].CopyTo(packet);
        inFlight.Attach(id, packet, length);
    }

    private void RequireConnection()
    {
        if (phase != Phase.Connected) throw NotConnected();
    }

    private void CheckSize(int topicLength, int payloadLength)
    {
        if (topicLength is 0 or > ushort.MaxValue)
            throw new ArgumentException($"a topic has 1 to 65535 bytes, not {topicLength}", nameof(topicLength));
        if ((long)payloadLength + topicLength + 16 > options.MaxPacketSize) ThrowTooLarge(payloadLength);
    }

    private static MqttWriter Writer(OutputBuffer output, int remainingLength) =>
        new(output.Reserve(MqttWriter.FixedHeaderLength(remainingLength) + remainingLength), Version);

    private static void WriteEmpty(OutputBuffer output, MqttPacketType type)
    {
        var writer = Writer(output, 0);
        writer.FixedHeader(type, 0, 0);
        output.Advance(writer.Written);
    }

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;

    internal static MqttException NotConnected() => new(MqttError.NotConnected, "there is no connection to the broker");

    private static MqttException TimedOut(string what, TimeSpan after) =>
        new(MqttError.TimedOut, $"the broker did not send {what} within {after.TotalSeconds:0.###} s");

    [DoesNotReturn]
    private void ThrowTooLarge(int length) => throw new MqttException(MqttError.TooLarge,
        $"a payload of {length} bytes does not fit into the largest packet of {options.MaxPacketSize} bytes");
}
