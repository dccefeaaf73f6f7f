using System.Buffers;
using System.Numerics;

namespace EdgeTwin.Mqtt;

/// <summary>
/// Requests by packet identifier. The place of an identifier is its low bits; as there are at least twice as many
/// places as requests, up to a window of 32,768, a free one is near. An identifier whose place is taken is passed over,
/// so 1–65,535 wraps without ever naming two requests.
/// </summary>
internal sealed class InFlightTable
{
    private readonly InFlight[] places;
    private ushort lastId;
    private long order;

    public InFlightTable(int window) =>
        places = new InFlight[Math.Min(65_536, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, window * 2)))];

    public int Count { get; private set; }

    /// <summary>Takes the next free identifier; the caller has checked that the window has room.</summary>
    public ref InFlight Add(MqttPacketType awaits, IMqttPublishObserver? observer, long token)
    {
        ref var place = ref places[0];
        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
            place = ref Place(lastId);
        }
        while (place.PacketId != 0);
        place = new InFlight
        {
            PacketId = lastId,
            Awaits = awaits,
            Order = ++order,
            Observer = observer,
            Token = token,
        };
        Count++;
        return ref place;
    }

    /// <summary>The request of an identifier; its PacketId is another or 0 when there is none.</summary>
    public ref InFlight Place(ushort packetId) => ref places[packetId & (places.Length - 1)];

    /// <summary>Ends the request that waits for this acknowledgement; false when there is none.</summary>
    public bool TryRemove(ushort packetId, MqttPacketType acknowledgement, out InFlight request)
    {
        ref var place = ref Place(packetId);
        request = place;
        if (place.PacketId != packetId || place.Awaits != acknowledgement) return false;
        ForgetPacket(ref place);
        place = default;
        Count--;
        return true;
    }

    /// <summary>Lets a request keep its packet.</summary>
    public static void Keep(ref InFlight request, ReadOnlySpan<byte> packet)
    {
        request.Kept = true;
        request.Packet = ArrayPool<byte>.Shared.Rent(packet.Length);
        request.PacketLength = packet.Length;
        packet.CopyTo(request.Packet);
    }

    public static void ForgetPacket(ref InFlight request)
    {
        if (request.Packet is not null) ArrayPool<byte>.Shared.Return(request.Packet);
        request.Packet = null;
    }

    /// <summary>All requests in the order in which they were sent.</summary>
    public List<InFlight> InOrder()
    {
        var all = new List<InFlight>(Count);
        foreach (ref readonly var place in places.AsSpan())
            if (place.PacketId != 0) all.Add(place);
        all.Sort((left, right) => left.Order.CompareTo(right.Order));
        return all;
    }
}
