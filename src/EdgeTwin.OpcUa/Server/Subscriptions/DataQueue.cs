using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The queue of a data item with more than one place (OPC 10000-4 §5.13.1.5): a ring that grows as far as it
/// is used. Guarded by the subscription's lock.</summary>
/// <param name="size">Places, 2 and up.</param>
/// <param name="discardOldest">Which one goes when the queue is full.</param>
internal sealed class DataQueue(int size, bool discardOldest)
{
    private const int FirstPlaces = 4;
    private DataValue[] _ring = [];
    private int _head;

    public int Size => size;

    public bool DiscardOldest => discardOldest;

    public int Count { get; private set; }

    /// <summary>The oldest; the queue is not empty.</summary>
    public ref DataValue Head => ref _ring[_head];

    /// <summary>Adds a value. A full queue loses its head, and the next one is marked; or the newest is replaced and
    /// marked.</summary>
    /// <returns>True when a value was lost.</returns>
    public bool Enqueue(in DataValue value)
    {
        if (Count < size)
        {
            if (Count == _ring.Length)
            {
                Grow();
            }

            _ring[Place(Count)] = value;
            Count++;
            return false;
        }

        if (!discardOldest)
        {
            _ring[Place(Count - 1)] = value.WithStatus(value.Status.WithOverflow());
            return true;
        }

        _ring[_head] = value;
        _head = Place(1);
        Head = Head.WithStatus(Head.Status.WithOverflow());
        return true;
    }

    public void Dequeue()
    {
        // The reference is dropped, the rest may stay.
        _ring[_head] = default;
        _head = Place(1);
        Count--;
    }

    public void Clear()
    {
        _ring = [];
        _head = 0;
        Count = 0;
    }

    private int Place(int offset)
    {
        var place = _head + offset;
        return place >= _ring.Length ? place - _ring.Length : place;
    }

    private void Grow()
    {
        var ring = new DataValue[Math.Min(size, Math.Max(FirstPlaces, _ring.Length * 2))];
        for (var i = 0; i < Count; i++)
        {
            ring[i] = _ring[Place(i)];
        }

        _ring = ring;
        _head = 0;
    }
}
