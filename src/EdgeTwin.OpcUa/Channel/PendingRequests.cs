namespace EdgeTwin.OpcUa.Channel;

/// <summary>The requests of a connection that wait for their answers: a fixed number of slots, no dictionary. Request
/// ids are <c>turn * slots + slot</c>, so they repeat only after 2^32.</summary>
internal sealed class PendingRequests
{
    private readonly Lock gate = new();   // guards all below, and the fields of the slots
    private readonly PendingRequest[] slots;
    private readonly Stack<PendingRequest> free = new();
    private uint turn = 1;
    private Exception? closedBy;

    public PendingRequests(int count, bool inline)
    {
        slots = new PendingRequest[count];
        for (var slot = count - 1; slot >= 0; slot--) free.Push(slots[slot] = new PendingRequest(slot, inline));
    }

    /// <summary>Takes a slot; the caller has a permit, so there is one.</summary>
    public PendingRequest Begin(TimeSpan dueAt)
    {
        lock (gate)
        {
            if (closedBy is not null) throw closedBy;
            var request = free.Pop();
            request.Reset();
            request.Id = NextId(request.Slot);
            request.DueAt = dueAt;
            request.IsWaiting = true;
            return request;
        }
    }

    /// <summary>An id for a message that is not answered to a slot.</summary>
    public uint NextFreeId()
    {
        lock (gate) return NextId(slots.Length - 1) | 0x8000_0000;
    }

    /// <summary>Gives a slot back whose completion was awaited, or that was never sent.</summary>
    public void End(PendingRequest request)
    {
        lock (gate)
        {
            request.IsWaiting = false;
            free.Push(request);
        }
    }

    /// <summary>Ends the wait for an id; null when nobody waits for it any more.</summary>
    public PendingRequest? Take(uint id)
    {
        lock (gate)
        {
            var request = slots[id % (uint)slots.Length];
            return request.Id == id && TryTake(request) ? request : null;
        }
    }

    /// <summary>Ends the wait of a turn of a slot; false when it has ended.</summary>
    public bool TryTake(PendingRequest request, uint id)
    {
        lock (gate) return request.Id == id && TryTake(request);
    }

    /// <summary>Ends the wait of one request that is late; null when there is none, and then when the next will be
    /// late.</summary>
    public PendingRequest? TakeLate(TimeSpan now, out TimeSpan next)
    {
        next = TimeSpan.MaxValue;
        lock (gate)
        {
            foreach (var request in slots)
            {
                if (!request.IsWaiting) continue;
                if (request.DueAt <= now && TryTake(request)) return request;
                if (request.DueAt < next) next = request.DueAt;
            }
        }

        return null;
    }

    /// <summary>Lets nobody in any more, and fails those who wait.</summary>
    public void Close(Exception cause)
    {
        var waiting = new List<PendingRequest>();
        lock (gate)
        {
            if (closedBy is not null) return;
            closedBy = cause;
            foreach (var request in slots)
            {
                if (TryTake(request)) waiting.Add(request);
            }
        }

        foreach (var request in waiting) request.Fail(cause);
    }

    private static bool TryTake(PendingRequest request)
    {
        if (!request.IsWaiting) return false;
        request.IsWaiting = false;
        return true;
    }

    private uint NextId(int slot)
    {
        // The upper half is for OPN and CLO, which wait in no slot.
        var id = turn++ * (uint)slots.Length + (uint)slot;
        if (id < 0x8000_0000 - (uint)slots.Length) return id;
        turn = 2;
        return (uint)slots.Length + (uint)slot;
    }
}
