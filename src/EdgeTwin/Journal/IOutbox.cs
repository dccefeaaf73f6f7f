using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>
/// The journal as one uplink sees it: an ordered log with a durable cursor. Recent samples come from memory before they
/// are on disk, older ones from disk; it is one log either way. One caller, the uplink's pump.
/// </summary>
internal interface IOutbox
{
    /// <summary>Last sample that has entered the journal; (epoch, 0) when the epoch has none yet.</summary>
    Position Head { get; }

    /// <summary>Last sample that a power cut can no longer take.</summary>
    Position Committed { get; }

    /// <summary>Everything up to here is delivered. Durable; after a crash it may be older than it was, never
    /// newer.</summary>
    Position Cursor { get; }

    /// <summary>Delivered ranges beyond <see cref="Cursor"/> (live-first delivery), in order, first and last
    /// inclusive.</summary>
    IReadOnlyList<(Position First, Position Last)> Ahead { get; }

    /// <summary>
    /// Copies the samples that follow <paramref name="after"/>, in order and of one epoch, at most as many as fit.
    /// Returns the position of the first and their number; 0 when there is nothing after it yet. What retention had to
    /// give up is skipped: the position of the first sample then tells the gap.
    /// </summary>
    ValueTask<(Position First, int Count)> ReadAsync(Position after, Memory<Sample> into,
        CancellationToken cancellation);

    /// <summary>
    /// Goes forward over samples of other tags, as far as that costs little: what lies after <paramref name="after"/>
    /// and up to the position that is returned is there and holds none of the wanted tags. It is
    /// <paramref name="after"/> itself when the next sample is wanted, or when nothing is known of it.
    /// </summary>
    Position Skip(Position after, Func<TagId, bool> isWanted);

    /// <summary>Completes when a sample after the position exists.</summary>
    ValueTask WaitForMoreAsync(Position after, CancellationToken cancellation);

    /// <summary>
    /// Says what has been proven delivered: everything up to <paramref name="cursor"/> and the ranges beyond. It
    /// becomes durable with a later group commit, and never before the samples themselves are committed.
    /// </summary>
    /// <param name="cursor">Everything up to here is delivered, left out or lost.</param>
    /// <param name="ahead">Ranges beyond, first and last inclusive.</param>
    /// <param name="progress">What became of which samples; it is counted together with the cursor.</param>
    void Delivered(Position cursor, IReadOnlyList<(Position First, Position Last)> ahead,
        DeliveryProgress? progress = null);

    /// <summary>Which rule took the samples of a hole: <c>size</c>, <c>free-space</c>, <c>damaged</c>, or
    /// <c>unknown</c>.</summary>
    string RuleOf(Hole hole);

    /// <summary>
    /// Makes durable at once what <see cref="Delivered"/> has said of committed samples, without waiting for the next
    /// group commit. False when the disk does not take it now; it stays due.
    /// </summary>
    ValueTask<bool> TrySaveAsync(CancellationToken cancellation);
}
