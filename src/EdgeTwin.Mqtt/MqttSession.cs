using EdgeTwin.Mqtt.Packets;

namespace EdgeTwin.Mqtt;

/// <summary>
/// The protocol without a socket: packets and the time come in, bytes and effects go out. Knows the phases of a
/// connection and every deadline; what is sent and what is received have their own parts. Not thread-safe; its
/// connection guards it.
/// </summary>
internal sealed class MqttSession
{
    private readonly MqttClientOptions options;
    private readonly KeepAlive keepAlive = new();
    private readonly OutgoingRequests outgoing;
    private readonly ReceivedMessages received;
    private readonly ReceivedTopics topics;
    private readonly PingQueue pings = new();
    private string clientId;
    private Phase phase;
    private TimeSpan connectSent;

    public MqttSession(MqttClientOptions options)
    {
        MqttClientOptions.Validate(options);
        this.options = options;
        clientId = options.ClientId;
        outgoing = new OutgoingRequests(options, keepAlive);
        received = new ReceivedMessages(options.ReceiveMaximum);
        topics = new ReceivedTopics(options.TopicAliasMaximum);
    }

    private enum Phase
    {
        Idle,
        Connecting,
        Connected,
    }

    public bool IsConnected => phase == Phase.Connected;

    public int InFlightCount => outgoing.Count;

    private MqttProtocolVersion Version => options.Version;

    /// <summary>Writes CONNECT, the first packet of a connection.</summary>
    public void Connect(OutputBuffer output, TimeSpan now)
    {
        phase = Phase.Connecting;
        connectSent = now;
        keepAlive.Start(options.KeepAlive, now);
        topics.Clear();
        outgoing.Send(output, new ConnectPacket(options, clientId), now);
    }

    /// <summary>Writes PUBLISH. False when the window has no place (QoS 1 and 2).</summary>
    /// <exception cref="MqttException">NotConnected, TooLarge or NotSupported.</exception>
    public bool TryPublish(
        OutputBuffer output, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain,
        MqttMessageProperties? properties, IMqttPublishObserver? observer, long token, TimeSpan now)
    {
        RequireConnection();
        return outgoing.TryPublish(output, topic, payload, qos, retain, properties, observer, token, now);
    }

    /// <summary>Writes SUBSCRIBE. False when the window has no place.</summary>
    /// <exception cref="MqttException">NotConnected, or NotSupported by the broker.</exception>
    public bool TrySubscribe(
        OutputBuffer output, MqttSubscribeOptions subscription, IMqttPublishObserver observer, TimeSpan now)
    {
        RequireConnection();
        return outgoing.TrySubscribe(output, subscription, observer, now);
    }

    /// <summary>Writes UNSUBSCRIBE. False when the window has no place.</summary>
    public bool TryUnsubscribe(OutputBuffer output, string filter, IMqttPublishObserver observer, TimeSpan now)
    {
        RequireConnection();
        return outgoing.TryUnsubscribe(output, filter, observer, now);
    }

    /// <summary>Writes PINGREQ; the observer is told of its answer, before which the broker has taken all that was
    /// sent.</summary>
    public void Ping(OutputBuffer output, IMqttPublishObserver? observer, long token, TimeSpan now)
    {
        RequireConnection();
        outgoing.Send(output, new EmptyPacket(MqttPacketType.PingReq), now);
        pings.Sent(observer, token, now);
    }

    /// <summary>The connection is gone: pings that nobody will answer.</summary>
    public List<PingQueue.Ping> TakeLostPings() => pings.TakeLost();

    /// <summary>Writes DISCONNECT. After one with Success the broker forgets the will.</summary>
    public void Disconnect(OutputBuffer output, MqttReasonCode reason, TimeSpan now)
    {
        if (phase != Phase.Connected) return;
        outgoing.Send(output, new DisconnectPacket(reason), now);
        phase = Phase.Idle;
    }

    /// <summary>Takes one packet from the broker.</summary>
    /// <exception cref="MqttException">The packet is malformed, not allowed now, or refuses or ends the
    /// connection.</exception>
    public MqttEffect Receive(MqttPacketType type, int flags, ReadOnlySpan<byte> body, OutputBuffer output,
        TimeSpan now)
    {
        if (Version < MqttProtocolVersion.V5 && type is MqttPacketType.Disconnect or MqttPacketType.Auth)
            throw MqttException.Violation($"{type}, which belongs to MQTT 5.0");
        if (phase == Phase.Connecting != (type == MqttPacketType.ConnAck)) // [MQTT-3.2.0-1], [MQTT-3.2.0-2]
            throw MqttException.Violation(phase == Phase.Connecting ? $"{type} before CONNACK" : "a second CONNACK");
        keepAlive.Received(now);
        var reader = new MqttReader(body, Version);
        switch (type)
        {
            case MqttPacketType.ConnAck:
                return Accept(ConnAckPacket.Read(ref reader), output, now);
            case MqttPacketType.Publish:
                return Deliver(PublishPacket.Read(flags, ref reader), output, now);
            case MqttPacketType.PubRel:
                Release(AckPacket.Read(type, ref reader), output, now);
                return default;
            case MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubComp:
                return outgoing.Acknowledge(AckPacket.Read(type, ref reader), output, now);
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                return outgoing.Acknowledge(type, SubAckPacket.Read(type, ref reader), now);
            case MqttPacketType.Disconnect:
                throw Disconnected(DisconnectPacket.Read(ref reader));
            case MqttPacketType.Auth: // [MQTT-4.12.0-1]: only the client begins an authentication
                throw MqttException.Violation("AUTH, though no authentication began");
            default: // PINGRESP; the rest is refused where frames are cut
                reader.End();
                return pings.TryAnswer(out var ping)
                    ? new MqttEffect { Pinged = true, Observer = ping.Observer, Token = ping.Token }
                    : default;
        }
    }

    /// <summary>Writes PUBACK or PUBREC for a received message that the application now has.</summary>
    public void AcknowledgeMessage(MqttQos qos, ushort packetId, OutputBuffer output, TimeSpan now)
    {
        if (phase != Phase.Connected) return;
        var answer = qos == MqttQos.ExactlyOnce ? MqttPacketType.PubRec : MqttPacketType.PubAck;
        outgoing.Send(output, new AckPacket(answer, packetId), now);
    }

    /// <summary>Reading was paused by this side until now, so silence proves nothing about the peer.</summary>
    public void ReadingResumed(TimeSpan now)
    {
        keepAlive.Received(now);
        outgoing.Progress(now);
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

        var acknowledgement = Earlier(outgoing.Deadline, pings.OldestSent + options.AcknowledgeTimeout);
        if (now >= acknowledgement) throw TimedOut("an acknowledgement", options.AcknowledgeTimeout);
        if (!keepAlive.IsOn) return acknowledgement ?? now + options.AcknowledgeTimeout;
        if (keepAlive.ShouldPing(now))
        {
            Ping(output, null, 0, now);
            keepAlive.PingSent(now);
        }
        if (now >= keepAlive.Next) throw TimedOut("an answer to a ping", keepAlive.Patience);
        return acknowledgement < keepAlive.Next ? acknowledgement : keepAlive.Next;
    }

    /// <summary>
    /// The connection is gone. What cannot outlive it is returned, in the order of sending, so that its observers hear
    /// of it; a kept session keeps its unacknowledged messages.
    /// </summary>
    public List<InFlight> ConnectionLost()
    {
        phase = Phase.Idle;
        return outgoing.TakeLost(all: false);
    }

    /// <summary>The client ends: gives up the kept messages too.</summary>
    public List<InFlight> Abandon()
    {
        phase = Phase.Idle;
        return outgoing.TakeLost(all: true);
    }

    private MqttEffect Accept(ConnAckPacket packet, OutputBuffer output, TimeSpan now)
    {
        if (packet.Reason.IsFailure())
            throw new MqttException(MqttError.Refused, ReasonFields.Describe(packet.Reason, packet.ReasonString), null,
                packet.Reason)
            {
                ServerReference = packet.ServerReference,
            };
        var granted = packet.Result;
        if (granted.SessionPresent && options.CleanSession) // [MQTT-3.2.2-2]
            throw MqttException.Violation("CONNACK with a session where a clean one was asked for");
        phase = Phase.Connected;
        clientId = granted.AssignedClientId ?? clientId;
        keepAlive.Start(granted.KeepAlive ?? options.KeepAlive, now); // [MQTT-3.2.2-21]
        if (!granted.SessionPresent) received.Clear(); // [MQTT-3.2.2-5]
        var proven = outgoing.Resume(granted, output, now);
        return new MqttEffect { Accepted = granted, Proven = proven };
    }

    private MqttEffect Deliver(in PublishPacket publish, OutputBuffer output, TimeSpan now)
    {
        var topic = topics.Resolve(publish.Topic, publish.TopicAlias); // also of a duplicate: it may name an alias
        if (publish.Qos == MqttQos.ExactlyOnce)
        {
            if (received.Contains(publish.PacketId)) // §4.3.3, method A of figure 4.3: known, so only answered
            {
                AcknowledgeMessage(publish.Qos, publish.PacketId, output, now);
                return default;
            }
            received.Add(publish.PacketId);
        }
        return new MqttEffect
        {
            Message = new MqttMessage(topic, publish.Payload.ToArray(), publish.Qos, publish.Retain, publish.Dup)
            {
                Properties = publish.Properties ?? MqttMessageProperties.None,
                SubscriptionIdentifiers = publish.SubscriptionIdentifiers,
            },
            PacketId = publish.PacketId,
        };
    }

    private void Release(in AckPacket release, OutputBuffer output, TimeSpan now)
    {
        var known = received.Remove(release.PacketId);
        outgoing.Send(output, new AckPacket(MqttPacketType.PubComp, release.PacketId) // [MQTT-4.3.3-11]
        {
            Reason = known ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound,
        }, now);
    }

    private void RequireConnection()
    {
        if (phase != Phase.Connected) throw NotConnected();
    }

    internal static MqttException NotConnected() => new(MqttError.NotConnected, "there is no connection to the broker");

    private static MqttException Disconnected(in DisconnectPacket packet) => new(MqttError.ConnectionLost,
        $"the broker disconnected: {ReasonFields.Describe(packet.Reason, packet.ReasonString)}", null, packet.Reason)
    {
        ServerReference = packet.ServerReference,
    };

    private static TimeSpan? Earlier(TimeSpan? left, TimeSpan? right) => right is null || left < right ? left : right;

    private static MqttException TimedOut(string what, TimeSpan after) =>
        new(MqttError.TimedOut, $"the broker did not send {what} within {after.TotalSeconds:0.###} s");
}
