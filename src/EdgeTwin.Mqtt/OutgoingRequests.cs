using System.Diagnostics.CodeAnalysis;
using EdgeTwin.Mqtt.Packets;

namespace EdgeTwin.Mqtt;

/// <summary>
/// What this side asks of the broker: writes the packets, holds them against what the broker grants, and follows each
/// request to its end (§4.3, §4.4, §4.9). Messages of a kept session that a loss left unacknowledged go out again with
/// the next connection, in order and never more at a time than the broker takes.
/// </summary>
internal sealed class OutgoingRequests(MqttClientOptions options, KeepAlive keepAlive)
{
    private readonly InFlightTable inFlight = new(options.Window);
    private readonly Queue<ushort> unsent = new(); // kept messages that have yet to go out on this connection
    private MqttConnectResult granted = new();
    private TopicAliases? aliases;
    private int window = options.Window;
    private int maxPacketSize = options.MaxPacketSize;
    private TimeSpan lastProgress;

    public int Count => inFlight.Count;

    /// <summary>When the next acknowledgement is due; null when none is.</summary>
    public TimeSpan? Deadline => inFlight.Count > 0 ? lastProgress + options.AcknowledgeTimeout : null;

    private bool IsFull => inFlight.Count >= window;

    private MqttProtocolVersion Version => options.Version;

    /// <summary>Writes a packet that waits for nothing.</summary>
    public void Send<T>(OutputBuffer output, scoped in T packet, TimeSpan now)
        where T : IMqttPacket, allows ref struct
    {
        output.Write(packet, Measure(packet), Version);
        keepAlive.Sent(now);
    }

    /// <summary>False when the window has no place.</summary>
    public bool TryPublish(
        OutputBuffer output, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain,
        MqttMessageProperties? properties, IMqttPublishObserver? observer, long token, TimeSpan now)
    {
        Check(topic, qos, retain);
        if (properties is not null) MqttMessageProperties.Validate(properties);
        var packet = new PublishPacket
        {
            Topic = topic,
            Payload = payload,
            Qos = qos,
            Retain = retain,
            Properties = properties,
        };
        var length = Measure(packet);
        var size = length + MqttWriter.FixedHeaderLength(length);
        if (size > maxPacketSize) ThrowTooLarge(size);
        if (qos == MqttQos.AtMostOnce)
        {
            Write(output, packet, length, now);
            return true;
        }
        if (IsFull) return false;
        var awaits = qos == MqttQos.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec;
        ref var request = ref inFlight.Add(awaits, observer, token);
        if (inFlight.Count == 1) lastProgress = now;
        packet = packet with { PacketId = request.PacketId };
        if (!options.CleanSession) Keep(ref request, output, packet, length);
        Write(output, packet, length, now);
        return true;
    }

    /// <summary>False when the window has no place.</summary>
    public bool TrySubscribe(
        OutputBuffer output, MqttSubscribeOptions subscription, IMqttPublishObserver observer, TimeSpan now)
    {
        Check(subscription);
        if (IsFull) return false;
        var id = inFlight.Add(MqttPacketType.SubAck, observer, 0).PacketId;
        Send(output, new SubscribePacket(id, subscription), now);
        lastProgress = now;
        return true;
    }

    /// <summary>False when the window has no place.</summary>
    public bool TryUnsubscribe(OutputBuffer output, string filter, IMqttPublishObserver observer, TimeSpan now)
    {
        if (IsFull) return false;
        var id = inFlight.Add(MqttPacketType.UnsubAck, observer, 0).PacketId;
        Send(output, new UnsubscribePacket(id, filter), now);
        lastProgress = now;
        return true;
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP has come.</summary>
    public MqttEffect Acknowledge(in AckPacket packet, OutputBuffer output, TimeSpan now)
    {
        ref var place = ref inFlight.Place(packet.PacketId);
        var known = place.PacketId == packet.PacketId;
        if (packet.Type == MqttPacketType.PubRec && !packet.Reason.IsFailure()
            && (!known || place.Awaits is MqttPacketType.PubRec or MqttPacketType.PubComp))
        {
            Release(ref place, known, packet.PacketId, output, now);
            return default;
        }
        // After a restart of this side the broker may still finish what the former life began (§4.4).
        if (!known && packet.Type != MqttPacketType.PubAck) return default;
        // PUBCOMP says at worst that the broker has released the message before (0x92): it has it.
        var reason = packet.Type == MqttPacketType.PubComp ? MqttReasonCode.Success : packet.Reason;
        var effect = Complete(packet.Type, packet.PacketId, reason, packet.ReasonString, now);
        SendKept(output, now);
        return effect;
    }

    /// <summary>SUBACK or UNSUBACK has come.</summary>
    public MqttEffect Acknowledge(MqttPacketType type, in SubAckPacket packet, TimeSpan now) =>
        Complete(type, packet.PacketId, packet.Reason, packet.ReasonString, now);

    /// <summary>Something has happened; the deadline of acknowledgements begins anew.</summary>
    public void Progress(TimeSpan now) => lastProgress = now;

    /// <summary>
    /// The broker has accepted the connection: goes on with the kept messages. Returns those that are through already:
    /// the broker had taken them over with PUBREC, and with its session it has forgotten to say the rest.
    /// </summary>
    public IReadOnlyList<InFlight>? Resume(MqttConnectResult result, OutputBuffer output, TimeSpan now)
    {
        granted = result;
        window = Math.Min(options.Window, result.ReceiveMaximum);
        maxPacketSize = (int)Math.Min(options.MaxPacketSize, result.MaximumPacketSize ?? int.MaxValue);
        var numbers = Math.Min(options.OutgoingTopicAliases, result.TopicAliasMaximum);
        aliases = numbers > 0 ? new TopicAliases(numbers) : null;
        lastProgress = now;
        unsent.Clear();
        List<InFlight>? proven = null;
        foreach (var request in inFlight.InOrder())
        {
            if (request.Awaits != MqttPacketType.PubComp) unsent.Enqueue(request.PacketId);
            else if (result.SessionPresent) Send(output, new AckPacket(MqttPacketType.PubRel, request.PacketId), now);
            else if (inFlight.TryRemove(request.PacketId, MqttPacketType.PubComp, out var through))
                (proven ??= []).Add(through);
        }
        SendKept(output, now);
        return proven;
    }

    /// <summary>Takes out what does not outlive the connection, or everything, in the order of sending.</summary>
    public List<InFlight> TakeLost(bool all)
    {
        unsent.Clear();
        var lost = new List<InFlight>();
        foreach (var request in inFlight.InOrder())
        {
            if (request.Kept && !all) continue;
            inFlight.TryRemove(request.PacketId, request.Awaits, out _);
            lost.Add(request);
        }
        return lost;
    }

    // PUBREC: the broker has the message; from now on only its identifier is kept.
    private void Release(ref InFlight place, bool known, ushort packetId, OutputBuffer output, TimeSpan now)
    {
        if (known)
        {
            place.Awaits = MqttPacketType.PubComp;
            InFlightTable.ForgetPacket(ref place);
            lastProgress = now;
        }
        Send(output, new AckPacket(MqttPacketType.PubRel, packetId)
        {
            Reason = known ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound,
        }, now);
    }

    private MqttEffect Complete(
        MqttPacketType acknowledgement, ushort packetId, MqttReasonCode reason, string? reasonString, TimeSpan now)
    {
        if (!inFlight.TryRemove(packetId, acknowledgement, out var request))
            throw MqttException.Violation(
                $"{acknowledgement} for packet identifier {packetId}, which nothing waits for");
        lastProgress = now;
        return new MqttEffect
        {
            Completed = true,
            Observer = request.Observer,
            Token = request.Token,
            Reason = reason,
            ReasonString = reasonString,
        };
    }

    // In a session that the broker remembers this is a re-delivery and says so; in a new one it is a first delivery
    // (§3.3.1.1). Messages not yet sent are in the table too, but count against no limit of the broker's.
    private void SendKept(OutputBuffer output, TimeSpan now)
    {
        while (unsent.Count > 0 && inFlight.Count - unsent.Count < window)
        {
            var id = unsent.Dequeue();
            ref var request = ref inFlight.Place(id);
            if (request.PacketId != id || request.Packet is null) continue; // acknowledged without having been sent
            var packet = request.Packet.AsSpan(0, request.PacketLength);
            if (granted.SessionPresent) packet[0] |= PublishPacket.DupFlag;
            output.Write(packet);
            keepAlive.Sent(now);
        }
    }

    private void Write(OutputBuffer output, scoped PublishPacket packet, int length, TimeSpan now)
    {
        if (aliases is not null && packet.Topic.Length > PublishPacket.AliasLength && length + 8 <= maxPacketSize)
        {
            var alias = aliases.Use(packet.Topic, out var known);
            packet = packet with { TopicAlias = alias, Topic = known ? default : packet.Topic };
            length = Measure(packet);
        }
        output.Write(packet, length, Version);
        keepAlive.Sent(now);
    }

    // Without a topic alias, which does not outlive the connection.
    private void Keep(ref InFlight request, OutputBuffer output, scoped in PublishPacket packet, int length)
    {
        var before = output.Count;
        output.Write(packet, length, Version);
        InFlightTable.Keep(ref request, output.Written.Span[before..]);
        output.Truncate(before);
    }

    private int Measure<T>(scoped in T packet)
        where T : IMqttPacket, allows ref struct
    {
        var measure = MqttWriter.Measure(Version);
        packet.WriteBody(ref measure);
        return measure.Written;
    }

    private void Check(ReadOnlySpan<byte> topic, MqttQos qos, bool retain)
    {
        if (topic.Length is 0 or > ushort.MaxValue)
            throw new ArgumentException($"a topic has 1 to 65535 bytes, not {topic.Length}", nameof(topic));
        if (qos > MqttQos.ExactlyOnce)
            throw new ArgumentException($"QoS {(int)qos} does not exist; it is 0, 1 or 2", nameof(qos));
        if (qos > granted.MaximumQos) throw MqttException.NotSupported(MqttReasonCode.QosNotSupported);
        if (retain && !granted.RetainAvailable) // [MQTT-3.2.2-14]
            throw MqttException.NotSupported(MqttReasonCode.RetainNotSupported);
    }

    private void Check(MqttSubscribeOptions subscription)
    {
        if (!granted.SharedSubscriptionsAvailable && subscription.IsShared)
            throw MqttException.NotSupported(MqttReasonCode.SharedSubscriptionsNotSupported);
        if (!granted.WildcardSubscriptionsAvailable && MqttTopicFilter.HasWildcard(subscription.Filter))
            throw MqttException.NotSupported(MqttReasonCode.WildcardSubscriptionsNotSupported);
        if (!granted.SubscriptionIdentifiersAvailable && subscription.Identifier is not null)
            throw MqttException.NotSupported(MqttReasonCode.SubscriptionIdentifiersNotSupported);
    }

    [DoesNotReturn]
    private void ThrowTooLarge(int size) => throw new MqttException(MqttError.TooLarge,
        $"a packet of {size} bytes is larger than the largest of {maxPacketSize} bytes that "
        + (maxPacketSize < options.MaxPacketSize ? "the broker takes" : "this side allows"), null,
        MqttReasonCode.PacketTooLarge);
}
