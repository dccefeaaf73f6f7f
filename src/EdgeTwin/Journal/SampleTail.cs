using System.Numerics;
using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>
/// The newest samples of the epoch in memory, by sequence. The twin's loop appends, the journal's writer takes what is
/// not committed yet, uplinks copy out. A slot is given away only when its sample is committed; an uplink that is too
/// late sees that and goes to the disk.
/// </summary>
/// <remarks>
/// Readers take no lock: the appender announces in <c>claimed</c> which slots it is about to overwrite, and a reader
/// that finds its slots claimed after it copied them throws the copy away.
/// </remarks>
internal sealed class SampleTail
{
    public const int DefaultCapacity = 1 << 16;

    private readonly Sample[] ring;
    private readonly AsyncSignal room = new();
    private readonly Action underPressure;
    private AsyncSignal[] readers = [];
    private long claimed;
    private long appended;
    private long committed;
    private int roomWanted;

    /// <param name="capacity">Number of samples, a power of two.</param>
    /// <param name="underPressure">Called by the appender when a quarter of the ring waits for the disk.</param>
    public SampleTail(int capacity, Action underPressure)
    {
        if (!BitOperations.IsPow2(capacity)) throw new ArgumentOutOfRangeException(nameof(capacity));
        ring = new Sample[capacity];
        this.underPressure = underPressure;
    }

    /// <summary>Sequence of the newest sample; 0 when there is none.</summary>
    public long Appended => Volatile.Read(ref appended);

    /// <summary>Sequence of the newest sample that is on disk.</summary>
    public long Committed => Volatile.Read(ref committed);

    private long Pending => Appended - Committed;

    public bool TryAppend(ReadOnlySpan<Sample> samples)
    {
        if (samples.IsEmpty) return true;
        if (Pending + samples.Length > ring.Length)
        {
            underPressure();
            return false;
        }

        var last = appended + samples.Length;
        Interlocked.Exchange(ref claimed, last);
        var start = (int)(appended & (ring.Length - 1));
        var untilEnd = Math.Min(samples.Length, ring.Length - start);
        samples[..untilEnd].CopyTo(ring.AsSpan(start));
        samples[untilEnd..].CopyTo(ring);
        Interlocked.Exchange(ref appended, last);
        foreach (var reader in Volatile.Read(ref readers)) reader.Wake();
        if (Pending > ring.Length / 4) underPressure();
        return true;
    }

    public ValueTask WaitForRoomAsync(int samples, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, ring.Length);
        roomWanted = samples;
        return room.WaitAsync(this, static tail => tail.Pending + tail.roomWanted <= tail.ring.Length, cancellation);
    }

    /// <summary>
    /// Copies what follows a sequence, at most as much as fits. 0 when there is nothing yet, −1 when it is no longer
    /// here.
    /// </summary>
    public int Copy(long after, Span<Sample> into)
    {
        var last = Appended;
        if (after >= last) return 0;
        if (after + ring.Length < last) return -1;
        var count = (int)Math.Min(into.Length, last - after);
        var start = (int)(after & (ring.Length - 1));
        var untilEnd = Math.Min(count, ring.Length - start);
        ring.AsSpan(start, untilEnd).CopyTo(into);
        ring.AsSpan(0, count - untilEnd).CopyTo(into[untilEnd..]);
        Interlocked.MemoryBarrier();
        return after + ring.Length >= Volatile.Read(ref claimed) ? count : -1;
    }

    /// <summary>The samples that are not committed, up to a sequence, as far as they lie in one piece. Writer
    /// only.</summary>
    public ReadOnlySpan<Sample> Uncommitted(long after, long upTo, int most)
    {
        var start = (int)(after & (ring.Length - 1));
        var count = (int)Math.Min(Math.Min(upTo - after, most), ring.Length - start);
        return ring.AsSpan(start, count);
    }

    /// <summary>Everything up to the sequence is on disk. Writer only.</summary>
    public void Free(long upTo)
    {
        Interlocked.Exchange(ref committed, upTo);
        room.Wake();
    }

    public AsyncSignal AddReader()
    {
        var signal = new AsyncSignal();
        readers = [.. readers, signal];
        return signal;
    }
}
