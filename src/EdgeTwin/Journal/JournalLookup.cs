using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>
/// Finds samples again that somebody claims to have received: by their place while their block is there, by tag and
/// time once they are compacted. Quick for places in about the order of the sequence. One thread at a time.
/// </summary>
internal sealed class JournalLookup : IDisposable
{
    /// <summary>Blocks and segments that are held decoded, so that live data and history may alternate.</summary>
    private const int Held = 4;

    private readonly SqliteSession session;
    private readonly SortedDictionary<long, (string Name, TagDataType Type)> names;
    private readonly string[] nameByIndex;
    private readonly Dictionary<string, long> durable;
    private readonly BlockDecoder decoder;
    private readonly List<SegmentValues> segments = [];
    private readonly LinkedList<(BlockHeader Header, Sample[] Samples)> blocks = new();
    private readonly LinkedList<SegmentValues> loaded = new();

    private JournalLookup(SqliteSession session)
    {
        this.session = session;
        names = JournalTagRows.Read(session);
        nameByIndex = [.. names.Values.Select(row => row.Name)];
        durable = names.ToDictionary(row => row.Value.Name, row => row.Key, StringComparer.Ordinal);
        decoder = new BlockDecoder(new JournalTags([.. names.Keys]));
        foreach (var row in SegmentTable.List(session))
            if (SegmentValues.Open(session, row.Id) is { } segment) segments.Add(segment);
    }

    public static JournalLookup OpenReadOnly(string folder) =>
        new(SqliteSession.OpenReadOnly(Path.Combine(folder, JournalSchema.FileName)));

    /// <summary>Whether the journal has the sample of a place with this tag and value.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="time">Its source time; null when the receiver did not keep it.</param>
    /// <param name="value">Its value as text, as in history or as JSON has it without quotes.</param>
    /// <returns>Null when the journal no longer has what was at the place.</returns>
    public bool? Holds(Position place, string tag, DateTime? time, string value)
    {
        if (Block(place) is { } block)
        {
            ref readonly var sample = ref block.Samples[place.Sequence - block.Header.First.Sequence];
            return nameByIndex[sample.Tag.Index] == tag && ValueText.IsSame(sample.Value, value)
                && (time is null || time == sample.SourceTime);
        }

        if (Segment(place) is not { } segment) return null;
        return durable.TryGetValue(tag, out var number) ? segment.Has(number, time, value) : false;
    }

    public void Dispose() => session.Dispose();

    private (BlockHeader Header, Sample[] Samples)? Block(Position place)
    {
        for (var node = blocks.First; node is not null; node = node.Next)
        {
            if (place < node.Value.Header.First || place > node.Value.Header.Last) continue;
            return node.Value;
        }

        if (Load(place) is not { } found) return null;
        if (blocks.Count == Held) blocks.RemoveLast();
        blocks.AddFirst(found);
        return found;
    }

    private (BlockHeader Header, Sample[] Samples)? Load(Position place)
    {
        using var row = session.Query("SELECT data FROM block WHERE id <= $1 ORDER BY id DESC LIMIT 1",
            JournalSchema.BlockKey(place));
        if (!row.Read()) return null;
        var data = row[0] as byte[] ?? [];
        try
        {
            var header = BlockDecoder.ReadHeader(data);
            if (place < header.First || place > header.Last) return null;
            var samples = new Sample[BlockEncoder.MostSamples];
            decoder.Decode(data, samples);
            return (header, samples);
        }
        catch (DamagedDataException)
        {
            return null;
        }
    }

    private SegmentValues? Segment(Position place)
    {
        foreach (var segment in loaded)
            if (segment.Covers(place)) return segment;
        if (segments.Find(segment => segment.Covers(place)) is not { } found) return null;
        if (loaded.Count == Held)
        {
            loaded.Last!.Value.Unload();
            loaded.RemoveLast();
        }

        loaded.AddFirst(found);
        return found;
    }
}
