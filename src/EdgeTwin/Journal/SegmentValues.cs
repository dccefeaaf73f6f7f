using EdgeTwin.Journal.Codec;
using EdgeTwin.Tags;

namespace EdgeTwin.Journal;

/// <summary>The values of a segment by tag and time; tags are decoded when they are first asked for.</summary>
internal sealed class SegmentValues
{
    private readonly SqliteSession session;
    private readonly long id;
    private readonly Position first;
    private readonly Position last;
    private readonly Dictionary<long, ILookup<long, TagValue>?> byTag = [];
    private Timeline? timeline;
    private SegmentDirectory? directory;

    private SegmentValues(SqliteSession session, long id, SegmentDirectory directory)
    {
        this.session = session;
        this.id = id;
        first = directory.First;
        last = directory.Last;
    }

    /// <summary>Null when its directory is damaged.</summary>
    public static SegmentValues? Open(SqliteSession session, long id)
    {
        try
        {
            return new SegmentValues(session, id, SegmentTable.Directory(session, id));
        }
        catch (DamagedDataException)
        {
            return null;
        }
    }

    public bool Covers(Position place) => place >= first && place <= last;

    /// <summary>Whether a tag had this value, at that time where it is given; null when what was there is
    /// damaged.</summary>
    public bool? Has(long tag, DateTime? time, string value)
    {
        if (!byTag.TryGetValue(tag, out var values)) byTag[tag] = values = Load(tag);
        if (values is null) return null;
        if (time is { } moment) return values[moment.Ticks].Any(known => ValueText.IsSame(known, value));
        foreach (var instant in values)
            foreach (var known in instant)
                if (ValueText.IsSame(known, value)) return true;
        return false;
    }

    /// <summary>Forgets what was decoded.</summary>
    public void Unload()
    {
        byTag.Clear();
        timeline = null;
        directory = null;
    }

    private ILookup<long, TagValue>? Load(long tag)
    {
        try
        {
            directory ??= SegmentTable.Directory(session, id);
            timeline ??= Timeline.Read(SegmentTable.Read(session, id, directory.Timeline));
            return directory.Chunks.TryGetValue(tag, out var item)
                ? ChunkCodec.Read(SegmentTable.Read(session, id, item))
                    .ToLookup(sample => timeline[sample.Time].SourceTicks, sample => sample.Value)
                : Enumerable.Empty<TagValue>().ToLookup(_ => 0L);
        }
        catch (DamagedDataException)
        {
            return null;
        }
    }
}
