using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>
/// Samples read ahead of sending, from one place of the journal, without those that the filter leaves out. What the
/// window did not take stays for the next turn.
/// </summary>
internal sealed class Lane
{
    private const int LeastCapacity = 2048;
    private readonly SampleFilter filter;
    private readonly FilterMemory memory = new();
    private readonly TimeProvider time;
    private readonly Sample[] samples;
    private readonly long[] sequences;
    private readonly bool looksForUrgent;
    private bool isPlaced;
    private int offset;
    private Position first;

    /// <param name="filter">What goes.</param>
    /// <param name="batch">Samples that may have to be held together.</param>
    /// <param name="time">The clock of their waiting.</param>
    public Lane(SampleFilter filter, int batch, TimeProvider time)
    {
        this.filter = filter;
        this.time = time;
        looksForUrgent = batch > 1;
        samples = new Sample[Math.Max(LeastCapacity, batch)];
        sequences = new long[samples.Length];
    }

    /// <summary>Samples that go and are not sent.</summary>
    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>Everything up to here is sent or left out.</summary>
    public Position After { get; private set; }

    /// <summary>Everything up to here has been read.</summary>
    public Position ReadTo { get; private set; }

    /// <summary>The last read brought as much as it could, so that there is probably more.</summary>
    public bool WasFull { get; private set; }

    /// <summary>When the first of the samples came into an empty lane, on the monotonic clock.</summary>
    public long Since { get; private set; }

    /// <summary>An alarm is among the samples.</summary>
    public bool HasUrgent { get; private set; }

    /// <summary>When the gateway received the first sample.</summary>
    public DateTime Received => samples[offset].ReceiveTime;

    /// <summary>Place of the first sample.</summary>
    public Position First => new(ReadTo.Epoch, sequences[offset]);

    /// <summary>The samples, at most so many.</summary>
    public SampleRun Run(int most, bool isHistory)
    {
        var count = Math.Min(Count, most);
        return new SampleRun(ReadTo.Epoch, sequences.AsSpan(offset, count), samples.AsSpan(offset, count), isHistory);
    }

    /// <summary>
    /// Reads what follows a position if the lane holds fewer samples than wanted. It may be empty afterwards although
    /// something was read, when the filter leaves all of it out: <see cref="TryTakeFiltered"/>.
    /// </summary>
    public async ValueTask ReadAsync(IOutbox outbox, Position after, int wanted, CancellationToken cancellation)
    {
        if (!isPlaced || After != after) Place(after);
        if (Count >= wanted || Count == samples.Length) return;
        if (offset > 0) Compact();
        var (start, read) = await outbox.ReadAsync(ReadTo, samples.AsMemory(Count), cancellation);
        WasFull = read == samples.Length - Count;
        // What does not follow at once, behind a new epoch or a loss, waits until the lane is empty.
        if (read == 0 || (Count > 0 && (start.Epoch != ReadTo.Epoch || start.Sequence != ReadTo.Sequence + 1))) return;
        if (Count == 0)
        {
            Since = time.GetTimestamp();
            HasUrgent = false;
            if (ReadTo == After) first = start;
        }

        Keep(start, read);
    }

    /// <summary>Goes on behind places that hold nothing that goes; the lane must be empty. What was sent last of each
    /// tag still holds.</summary>
    public void Skip(Position after, Position to)
    {
        if (!isPlaced || After != after) Place(after);
        After = ReadTo = to;
        first = to with { Sequence = to.Sequence + 1 };
    }

    /// <summary>Gives up what lies beyond a position.</summary>
    public void Cut(Position last)
    {
        if (ReadTo == After || ReadTo <= last) return;
        if (first > last)
        {
            Count = 0;
            ReadTo = After;
            return;
        }

        while (Count > 0 && sequences[offset + Count - 1] > last.Sequence) Count--;
        ReadTo = last;
    }

    /// <summary>So many samples are sent. The stretch covers what was left out before them.</summary>
    public Stretch Take(int taken)
    {
        var last = taken == Count ? ReadTo : First with { Sequence = sequences[offset + taken - 1] };
        offset += taken;
        Count -= taken;
        return Pass(last);
    }

    /// <summary>So many samples, which follow each other, are sent, and what lies before them is not.</summary>
    public Stretch TakeAlone(int taken)
    {
        var start = First;
        Take(taken);
        return new Stretch(start with { Sequence = start.Sequence - 1 }, start,
            start with { Sequence = start.Sequence + taken - 1 });
    }

    /// <summary>How many samples from the first on follow each other without a place between them.</summary>
    public int Consecutive()
    {
        var count = 1;
        while (count < Count && sequences[offset + count] == sequences[offset] + count) count++;
        return count;
    }

    /// <summary>Passes over what was read when all of it is left out.</summary>
    public bool TryTakeFiltered(out Stretch stretch)
    {
        stretch = default;
        if (Count > 0 || ReadTo == After) return false;
        stretch = Pass(ReadTo);
        return true;
    }

    /// <summary>Forgets what it holds and where it is.</summary>
    public void Clear()
    {
        isPlaced = false;
        Count = 0;
        After = ReadTo = default;
    }

    private void Place(Position after)
    {
        isPlaced = true;
        Count = offset = 0;
        After = ReadTo = after;
        memory.Clear();
    }

    private void Compact()
    {
        samples.AsSpan(offset, Count).CopyTo(samples);
        sequences.AsSpan(offset, Count).CopyTo(sequences);
        offset = 0;
    }

    private void Keep(Position start, int read)
    {
        var from = Count;
        for (var i = 0; i < read; i++)
        {
            ref var sample = ref samples[from + i];
            if (!filter.Passes(sample, memory)) continue;
            if (looksForUrgent && filter.IsUrgent(sample.Tag)) HasUrgent = true;
            if (Count < from + i) samples[Count] = sample;
            sequences[Count++] = start.Sequence + i;
        }

        ReadTo = start with { Sequence = start.Sequence + read - 1 };
    }

    private Stretch Pass(Position last)
    {
        var stretch = new Stretch(After, first, last);
        After = last;
        first = last with { Sequence = last.Sequence + 1 };
        return stretch;
    }
}
