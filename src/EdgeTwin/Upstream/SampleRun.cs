using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>
/// Samples that are due, in the order of their places and all of one epoch. Places may be missing between them: those
/// that the uplink's filter leaves out.
/// </summary>
/// <param name="epoch">Epoch of all of them.</param>
/// <param name="sequences">Sequence of each.</param>
/// <param name="samples">The samples, at least one.</param>
/// <param name="isHistory">They are older than what goes live at the same time.</param>
internal readonly ref struct SampleRun(
    long epoch, ReadOnlySpan<long> sequences, ReadOnlySpan<Sample> samples, bool isHistory)
{
    public ReadOnlySpan<Sample> Samples { get; } = samples;

    public ReadOnlySpan<long> Sequences { get; } = sequences;

    public long Epoch => epoch;

    public bool IsHistory => isHistory;

    public int Count => Samples.Length;

    public Position First => new(epoch, Sequences[0]);

    /// <summary>Nothing is left out among the first so many.</summary>
    public bool IsConsecutive(int count) => Sequences[count - 1] - Sequences[0] == count - 1;

    public SampleRun Take(int count) => Slice(0, count);

    /// <summary>The same samples as history.</summary>
    public SampleRun AsHistory() => new(epoch, Sequences, Samples, isHistory: true);

    public SampleRun Slice(int start, int count) =>
        new(epoch, Sequences.Slice(start, count), Samples.Slice(start, count), isHistory);
}
