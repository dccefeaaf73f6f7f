namespace EdgeTwin.Journal.Codec;

/// <summary>What a segment holds and where.</summary>
internal sealed record SegmentDirectory
{
    private const byte Kind = (byte)'S';
    private const byte Version = 1;
    private const int MostTags = 1 << 20;

    /// <summary>Position of the first sample that went in.</summary>
    public required Position First { get; init; }

    /// <summary>Position of the last sample that went in.</summary>
    public required Position Last { get; init; }

    /// <summary>Where the timeline lies in the body.</summary>
    public required SegmentItem Timeline { get; init; }

    /// <summary>Where the chunk of a tag lies, and what it sums up to, by durable number.</summary>
    public required IReadOnlyDictionary<long, SegmentItem> Chunks { get; init; }

    public byte[] ToBytes()
    {
        var writer = new ByteWriter();
        writer.Byte(Kind);
        writer.Byte(Version);
        writer.Position(First);
        writer.Position(Last);
        writer.Varint((ulong)Timeline.Length);
        writer.Varint((ulong)Chunks.Count);
        // Chunks lie one behind the other in the order of their tags, so offsets need not be stored.
        long previous = 0;
        foreach (var (tag, item) in Chunks.OrderBy(pair => pair.Value.Offset))
        {
            writer.Zigzag(tag - previous);
            previous = tag;
            writer.Varint((ulong)item.Length);
            item.Summary.Write(writer);
        }

        writer.Seal();
        return writer.ToArray();
    }

    /// <exception cref="DamagedDataException">These bytes are not a directory as it was written.</exception>
    public static SegmentDirectory Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = ByteReader.Unseal(bytes);
        reader.Expect(Kind, Version);
        var first = reader.Position();
        var last = reader.Position();
        var timeline = new SegmentItem(0, reader.Count(int.MaxValue), new ChunkSummary());
        var offset = (long)timeline.Length;
        var chunks = new Dictionary<long, SegmentItem>();
        long tag = 0;
        for (var left = reader.Count(MostTags); left > 0; left--)
        {
            tag += reader.Zigzag();
            var length = reader.Count(int.MaxValue);
            chunks[tag] = new SegmentItem(offset, length, ChunkSummary.Read(ref reader));
            offset += length;
        }

        return new SegmentDirectory { First = first, Last = last, Timeline = timeline, Chunks = chunks };
    }
}
