using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>Samples read ahead of sending, from one place of the journal. What the window did not take stays for the
/// next turn.</summary>
internal sealed class Lane
{
    private const int Capacity = 2048;
    private readonly Sample[] samples = new Sample[Capacity];
    private int offset;
    private int count;

    /// <summary>The last read brought as much as it could, so that there is probably more.</summary>
    public bool WasFull { get; private set; }

    /// <summary>Position of the last sample.</summary>
    public Position Last => First with { Sequence = First.Sequence + count - 1 };

    /// <summary>The position before <see cref="First"/>.</summary>
    public Position After { get; private set; }

    /// <summary>Position of the first sample.</summary>
    public Position First { get; private set; }

    public ReadOnlySpan<Sample> Samples => samples.AsSpan(offset, count);

    public bool IsEmpty => count == 0;

    /// <summary>Makes sure that the lane holds what follows a position; it is empty afterwards when there is
    /// nothing.</summary>
    public async ValueTask ReadAsync(IOutbox outbox, Position after, CancellationToken cancellation)
    {
        if (count > 0 && After == after) return;
        offset = 0;
        After = after;
        (First, count) = await outbox.ReadAsync(after, samples, cancellation);
        WasFull = count == Capacity;
    }

    /// <summary>Gives up what lies beyond a position.</summary>
    public void Cut(Position last)
    {
        if (First > last) count = 0;
        else if (First.Epoch == last.Epoch) count = (int)Math.Min(count, last.Sequence - First.Sequence + 1);
    }

    /// <summary>So many samples are sent.</summary>
    public Stretch Take(int taken)
    {
        var stretch = new Stretch(After, First, First with { Sequence = First.Sequence + taken - 1 });
        offset += taken;
        count -= taken;
        After = stretch.Last;
        First = After with { Sequence = After.Sequence + 1 };
        return stretch;
    }

    public void Clear() => count = 0;
}
