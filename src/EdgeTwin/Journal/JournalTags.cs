using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>
/// Tags by their durable number, which never changes for a name, and by their id of this run. Fixed once the journal is
/// open.
/// </summary>
internal sealed class JournalTags
{
    private readonly long[] durableByIndex;
    private readonly TagId[] tagByDurable;
    private readonly bool[] known;

    /// <param name="durable">Durable number of each tag, in the order of the tag table.</param>
    public JournalTags(IReadOnlyList<long> durable)
    {
        durableByIndex = [.. durable];
        MostDurable = durable.Count == 0 ? 0 : checked((int)durable.Max());
        tagByDurable = new TagId[MostDurable + 1];
        known = new bool[MostDurable + 1];
        for (var i = 0; i < durableByIndex.Length; i++)
        {
            tagByDurable[durableByIndex[i]] = new TagId(i);
            known[durableByIndex[i]] = true;
        }
    }

    public int Count => durableByIndex.Length;

    public int MostDurable { get; }

    public long DurableOf(TagId tag) => durableByIndex[tag.Index];

    /// <exception cref="Codec.DamagedDataException">The journal has no such tag.</exception>
    public TagId TagOf(long durable) => durable >= 0 && durable < known.Length && known[durable]
        ? tagByDurable[durable]
        : throw new Codec.DamagedDataException($"tag number {durable} is not in the journal");
}
