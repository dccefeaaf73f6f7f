using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The queue of a data item with more than one place (OPC 10000-4 §5.13.1.5): a ring that grows as far as it
/// is used. Guarded by the subscription's lock.</summary>
/// <param name="size">Places, 2 and up.</param>
/// <param name="discardOldest">Which one goes when the queue is full.</param>
internal sealed class DataQueue(int size, bool discardOldest)
{
    private const int FirstPlaces = 4;
    private DataValue[] ring = [];
    private int head;

    public int Size => size;

    public bool DiscardOldest => discardOldest;

    public int Count { get; private set; }

    /// <summary>The oldest; the queue is not empty.</summary>
    public ref DataValue Head => ref ring[head];

    /// <summary>Adds a value. A full queue loses its head, and the next one is marked; or the newest is replaced and
    /// marked.</summary>
    /// <returns>True when a value was lost.</returns>
    public bool Enqueue(in DataValue value)
    {
        if (Count < size)
        {
            if (Count == ring.Length)
            {
                Grow();
            }

            ring[Place(Count)] = value;
            Count++;
            return false;
        }

        if (!discardOldest)
        {
            ring[Place(Count - 1)] = value.WithStatus(value.Status.WithOverflow());
            return true;
        }

        ring[head] = value;
        head = Place(1);
        Head = Head.WithStatus(Head.Status.WithOverflow());
        return true;
    }

    public void Dequeue()
    {
        // The reference is dropped, the rest may stay.
        ring[head] = default;
        head = Place(1);
        Count--;
    }

    public void Clear()
    {
        ring = [];
        head = 0;
        Count = 0;
    }

    private int Place(int offset)
    {
        var place = head + offset;
        return place >= ring.Length ? place - ring.Length : place;
    }

    private void Grow()
    {
        var larger = new DataValue[Math.Min(size, Math.Max(FirstPlaces, ring.Length * 2))];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = ring[Place(i)];
        }

        ring = larger;
        head = 0;
    }
}
