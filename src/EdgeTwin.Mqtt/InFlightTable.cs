using System.Numerics;

namespace EdgeTwin.Mqtt;

/// <summary>
/// Requests by packet identifier. The place of an identifier is its low bits; as there are at least twice as many
/// places as requests, a free one is always near. An identifier whose place is taken is passed over, so 1–65,535 wraps
/// without ever naming two requests.
/// </summary>
internal sealed class InFlightTable
{
    private readonly InFlight[] places;
    private readonly int most;
    private ushort lastId;
    private long order;

    public InFlightTable(int window)
    {
        most = window;
        places = new InFlight[Math.Min(65_536, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, window * 2)))];
    }

    public int Count { get; private set; }

    public bool IsFull => Count >= most;

    /// <summary>Takes the next free identifier; the caller has checked <see cref="IsFull"/>.</summary>
    public ref InFlight Add(MqttPacketType awaits, IMqttPublishObserver? observer, long token)
    {
        ref var place = ref places[0];
        do
        {
            lastId = lastId == ushort.MaxValue ? (ushort)1 : (ushort)(lastId + 1);
            place = ref places[lastId & (places.Length - 1)];
        }
        while (place.PacketId != 0);
        place = new InFlight
        {
            PacketId = lastId,
            Awaits = awaits,
            Order = ++order,
            Observer = observer,
            Token =
            token
        };
        Count++;
        return ref place;
    }

    /// <summary>Ends the request that waits for this acknowledgement; false when there is none.</summary>
    public bool TryRemove(ushort packetId, MqttPacketType acknowledgement, out InFlight request)
    {
        ref var place = ref places[packetId & (places.Length - 1)];
        request = place;
        if (place.PacketId != packetId || place.Awaits != acknowledgement) return false;
        place = default;
        Count--;
        return true;
    }

    /// <summary>Lets a request keep its packet.</summary>
    public void Attach(ushort packetId, byte[] packet, int length)
    {
        ref var place = ref places[packetId & (places.Length - 1)];
        place.Packet = packet;
        place.PacketLength = length;
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
