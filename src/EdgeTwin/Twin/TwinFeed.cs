using System.Threading.Channels;
using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>
/// The live state's changes on their way to one reader outside the loop. The twin never waits for the reader: while it
/// keeps up it gets every change in order; when <see cref="MostWaiting"/> changes wait, the newest of each tag replaces
/// the older ones, which are counted. Nothing is allocated per change.
/// </summary>
internal sealed class TwinFeed
{
    /// <summary>Changes that wait at most before older ones of a tag are replaced.</summary>
    public const int MostWaiting = 16_384;

    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock gate = new(); // guards what follows
    private readonly Sample[] newest;
    private readonly bool[] isReplaced;
    private readonly List<int> replacedTags;
    private SampleBuffer waiting = new();
    private SampleBuffer taken = new();
    private long replaced;

    /// <param name="tags">Number of tags, retired ones included.</param>
    public TwinFeed(int tags)
    {
        newest = new Sample[tags];
        isReplaced = new bool[tags];
        replacedTags = new List<int>(tags);
    }

    /// <summary>Changes that a newer one of the same tag replaced because the reader was slow.</summary>
    public long Replaced => Volatile.Read(ref replaced);

    /// <summary>Takes changes over; called by the twin's loop, and never waits.</summary>
    public void Publish(ReadOnlySpan<Sample> changes)
    {
        if (changes.IsEmpty) return;
        lock (gate)
        {
            foreach (ref readonly var change in changes) Take(in change);
        }

        signal.Writer.TryWrite(true);
    }

    /// <summary>Completes when there is something to take.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation) => await signal.Reader.ReadAsync(cancellation);

    /// <summary>All that waits, in order per tag. One reader; valid until its next call.</summary>
    public ReadOnlySpan<Sample> Take()
    {
        taken.Clear();
        lock (gate)
        {
            (waiting, taken) = (taken, waiting);
            // What came after the buffer was full is newer than everything in it.
            foreach (var tag in replacedTags)
            {
                taken.Add(in newest[tag]);
                newest[tag] = default;
                isReplaced[tag] = false;
            }

            replacedTags.Clear();
        }

        return taken.Samples;
    }

    private void Take(in Sample change)
    {
        if (waiting.Count < MostWaiting)
        {
            waiting.Add(in change);
            return;
        }

        var tag = change.Tag.Index;
        if (isReplaced[tag]) replaced++;
        else replacedTags.Add(tag);
        isReplaced[tag] = true;
        newest[tag] = change;
    }
}
