using EdgeTwin.Journal;

namespace EdgeTwin.Upstream;

/// <summary>
/// Which part of the journal is delivered and which is on its way. Pure bookkeeping; owned by the pump.
/// </summary>
/// <remarks>
/// <code>
/// journal   1 ................................................ head
/// settled   =====cursor        ======  =     ==                       proven delivered
/// claimed   =====----------  ========----    ==-----                  settled or sent
///                history lane^     alarm^      live lane^
/// </code>
/// The history lane sends from the end of the first claimed run towards the next one, the live lane from the end of the
/// last one. Without a gap both are the same place. A jump opens a gap; it may only skip what is committed, because a
/// crash would otherwise leave a hole that nobody can fill. Alarms in a gap go ahead of history: each is an island.
/// </remarks>
internal sealed class DeliveryLedger
{
    private readonly List<Stretch> ahead = [];
    private readonly List<(Position After, Position Last)> claimed = [];
    private IReadOnlyList<(Position First, Position Last)>? exported;

    public DeliveryLedger(Position cursor, IReadOnlyList<(Position First, Position Last)> ahead)
    {
        Cursor = cursor;
        foreach (var (first, last) in ahead)
            if (last > cursor) this.ahead.Add(new Stretch(first with { Sequence = first.Sequence - 1 }, first, last));
        Absorb();
        Rewind();
    }

    /// <summary>Everything up to here is delivered.</summary>
    public Position Cursor { get; private set; }

    /// <summary>Delivered ranges beyond the cursor, each within one epoch.</summary>
    public IReadOnlyList<(Position First, Position Last)> Ahead => exported ??= Export();

    /// <summary>Samples delivered beyond the cursor.</summary>
    public long AheadSamples { get; private set; }

    /// <summary>Something between delivered or sent pieces is still to be sent.</summary>
    public bool HasGap => claimed.Count > 1;

    public int Pieces => Math.Max(claimed.Count, ahead.Count);

    /// <summary>The history lane sends what follows this.</summary>
    public Position HistoryNext => claimed[0].Last;

    /// <summary>The history lane's end: last position of the first gap.</summary>
    public Position HistoryLimit => claimed[1].After;

    /// <summary>The live lane sends what follows this.</summary>
    public Position LiveNext => claimed[^1].Last;

    /// <summary>Last position of the last gap: everything up to here must be committed before the live lane may
    /// send.</summary>
    public Position LastGapEnd => claimed[^1].After;

    /// <summary>What followed <see cref="HistoryNext"/> was sent up to here, at most to the limit.</summary>
    public void ClaimHistory(Position last)
    {
        claimed[0] = (claimed[0].After, last);
        if (claimed.Count == 1 || last < claimed[1].After) return;
        claimed[0] = (claimed[0].After, claimed[1].Last);
        claimed.RemoveAt(1);
    }

    /// <summary>What followed <see cref="LiveNext"/> was sent up to here.</summary>
    public void ClaimLive(Position last) => claimed[^1] = (claimed[^1].After, last);

    /// <summary>The live lane goes on after the given position and leaves a gap behind.</summary>
    public void Jump(Position to) => claimed.Add((to, to));

    /// <summary>The first gap behind a position, or what is left of it there: the last position before it and its own
    /// last. Null when none is left.</summary>
    public (Position After, Position Last)? GapBehind(Position position)
    {
        for (var i = 1; i < claimed.Count; i++)
        {
            var (start, last) = (claimed[i - 1].Last, claimed[i].After);
            if (position > start) start = position;
            if (start < last) return (start, last);
        }

        return null;
    }

    /// <summary>A stretch in the midst of a gap was sent.</summary>
    public void ClaimIsland(in Stretch stretch)
    {
        var at = 1; // the piece behind it
        while (claimed[at].After < stretch.Last) at++;
        if (claimed[at - 1].Last == stretch.After) claimed[--at] = (claimed[at].After, stretch.Last);
        else claimed.Insert(at, (stretch.After, stretch.Last));
        if (at + 1 == claimed.Count || claimed[at + 1].After > stretch.Last) return;
        claimed[at] = (claimed[at].After, claimed[at + 1].Last);
        claimed.RemoveAt(at + 1);
    }

    /// <summary>The first gap holds nothing: it is closed.</summary>
    public void CloseEmptyGap()
    {
        var nothing = Stretch.Empty(HistoryNext, HistoryLimit);
        ClaimHistory(nothing.Last);
        Settle(nothing);
    }

    /// <summary>A stretch is proven delivered.</summary>
    public void Settle(in Stretch stretch)
    {
        if (stretch.After <= Cursor)
        {
            if (stretch.Last > Cursor) Cursor = stretch.Last;
            if (ahead.Count > 0) Absorb();
            return;
        }
        Insert(stretch);
        Changed();
    }

    /// <summary>The connection is gone: what was sent and not settled is to be sent again.</summary>
    public void Rewind()
    {
        claimed.Clear();
        claimed.Add((Cursor, Cursor));
        foreach (var stretch in ahead)
        {
            if (stretch.After <= claimed[^1].Last) claimed[^1] = (claimed[^1].After, stretch.Last);
            else claimed.Add((stretch.After, stretch.Last));
        }
    }

    private void Insert(in Stretch stretch)
    {
        var at = ahead.Count; // settled stretches mostly follow the last one
        while (at > 0 && ahead[at - 1].After > stretch.After) at--;
        if (at > 0 && Touch(ahead[at - 1], stretch)) ahead[--at] = ahead[at] with { Last = stretch.Last };
        else ahead.Insert(at, stretch);
        if (at + 1 >= ahead.Count || !Touch(ahead[at], ahead[at + 1])) return;
        ahead[at] = ahead[at] with { Last = ahead[at + 1].Last };
        ahead.RemoveAt(at + 1);
    }

    // Ranges stay within one epoch, as the journal keeps them.
    private static bool Touch(in Stretch left, in Stretch right) =>
        left.Last == right.After && !left.IsEmpty && !right.IsEmpty && left.Last.Epoch == right.First.Epoch;

    private void Absorb()
    {
        var absorbed = 0;
        while (absorbed < ahead.Count && ahead[absorbed].After <= Cursor)
        {
            if (ahead[absorbed].Last > Cursor) Cursor = ahead[absorbed].Last;
            absorbed++;
        }
        if (absorbed == 0) return;
        ahead.RemoveRange(0, absorbed);
        Changed();
    }

    private void Changed()
    {
        exported = null;
        AheadSamples = 0;
        foreach (var stretch in ahead)
            if (!stretch.IsEmpty) AheadSamples += stretch.Last.Sequence - stretch.First.Sequence + 1;
    }

    private (Position First, Position Last)[] Export() =>
        [.. ahead.Where(stretch => !stretch.IsEmpty).Select(stretch => (stretch.First, stretch.Last))];
}
