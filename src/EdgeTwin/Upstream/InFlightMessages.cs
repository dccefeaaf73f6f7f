namespace EdgeTwin.Upstream;

/// <summary>
/// Messages whose delivery is not proven. A token names a place and the connection it was sent on, so that a proof that
/// comes late, from a connection already lost, is recognised. Guarded by its owner.
/// </summary>
internal sealed class InFlightMessages
{
    private readonly Message[] places;
    private readonly int[] free;
    private int connection;

    public InFlightMessages(int window)
    {
        places = new Message[window];
        free = new int[window];
        Clear();
    }

    public int Count { get; private set; }

    /// <summary>Messages of the history lane while there is a gap.</summary>
    public int HistoryCount { get; private set; }

    public bool IsFull => Count == places.Length;

    /// <summary>The token of the message that <see cref="Add"/> will take next.</summary>
    public long NextToken => (long)connection << 32 | (uint)free[Count];

    public void Add(in Message message)
    {
        places[free[Count++]] = message;
        if (message.History) HistoryCount++;
    }

    public bool TryRemove(long token, out Message message)
    {
        message = default;
        var place = (int)token;
        if ((int)(token >> 32) != connection || places[place].Samples == 0) return false;
        message = places[place];
        places[place] = default;
        free[--Count] = place;
        if (message.History) HistoryCount--;
        return true;
    }

    /// <summary>Forgets all of them; a new connection begins.</summary>
    public void Clear()
    {
        Array.Clear(places);
        for (var i = 0; i < free.Length; i++) free[i] = i;
        Count = HistoryCount = 0;
        connection++;
    }

    /// <summary>Receive time of the oldest sample that is on its way; null when there is none.</summary>
    public DateTime? Oldest()
    {
        DateTime? oldest = null;
        foreach (ref readonly var message in places.AsSpan())
            if (message.Samples > 0 && (oldest is null || message.Received < oldest)) oldest = message.Received;
        return oldest;
    }

    /// <summary>Samples in all of them.</summary>
    public long Samples()
    {
        var samples = 0L;
        foreach (ref readonly var message in places.AsSpan()) samples += message.Samples;
        return samples;
    }

    /// <param name="Stretch">What it carries.</param>
    /// <param name="Samples">How many samples, at least 1.</param>
    /// <param name="Received">Receive time of its first sample.</param>
    /// <param name="History">It was sent by the history lane while there was a gap.</param>
    /// <param name="SentAt">When, on the monotonic clock.</param>
    internal readonly record struct Message(
        Stretch Stretch, int Samples, DateTime Received, bool History, long SentAt);
}
