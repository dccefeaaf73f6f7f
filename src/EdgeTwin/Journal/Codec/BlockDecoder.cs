using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>Reads blocks back. Not thread-safe; one per reader.</summary>
internal sealed class BlockDecoder(JournalTags tags)
{
    private const int MostTextUnits = 1 << 24;

    private readonly long[] columns = new long[6 * BlockEncoder.MostSamples];
    private readonly long[] lastBits = new long[tags.MostDurable + 1];
    private readonly string?[] lastText = new string?[tags.MostDurable + 1];

    /// <summary>The header alone; the checksum is verified.</summary>
    /// <exception cref="DamagedDataException">These bytes are not a block as it was written.</exception>
    public static BlockHeader ReadHeader(ReadOnlySpan<byte> block)
    {
        var reader = ByteReader.Unseal(block);
        return ReadHeader(ref reader);
    }

    /// <summary>Decodes a block; the array must hold <see cref="BlockEncoder.MostSamples"/>.</summary>
    /// <exception cref="DamagedDataException">These bytes are not a block as it was written.</exception>
    public BlockHeader Decode(ReadOnlySpan<byte> block, Sample[] into)
    {
        var reader = ByteReader.Unseal(block);
        var header = ReadHeader(ref reader);
        for (var i = 0; i < 6; i++) Runs.Read(ref reader, Column(i, header.Count));
        var ids = Tags(header);
        foreach (var id in ids)
        {
            lastBits[id] = 0;
            lastText[id] = null;
        }

        for (var i = 0; i < header.Count; i++)
        {
            var received = Column(4, header.Count)[i];
            var id = ids[i];
            into[i] = new Sample(
                tags.TagOf(id),
                ReadValue(ref reader, (TagDataType)Column(2, header.Count)[i], ref lastBits[id], ref lastText[id]),
                new StatusCode(unchecked((uint)Column(1, header.Count)[i])),
                Time(unchecked(received + Column(5, header.Count)[i])),
                Time(received),
                (ClockState)Column(3, header.Count)[i]);
        }

        return header;
    }

    /// <summary>The durable tag numbers of a block's samples, nothing else; valid until the next call.</summary>
    /// <exception cref="DamagedDataException">These bytes are not a block as it was written.</exception>
    public ReadOnlySpan<long> DecodeTags(ReadOnlySpan<byte> block)
    {
        var reader = ByteReader.Unseal(block);
        var header = ReadHeader(ref reader);
        Runs.Read(ref reader, Column(0, header.Count));
        return Tags(header);
    }

    internal static DateTime Time(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
        ? new DateTime(ticks, DateTimeKind.Utc)
        : throw new DamagedDataException("time is out of range");

    private static BlockHeader ReadHeader(ref ByteReader reader)
    {
        reader.Expect(BlockEncoder.Kind, BlockEncoder.Version);
        return new BlockHeader(reader.Position(), reader.Count(BlockEncoder.MostSamples));
    }

    private Span<long> Tags(BlockHeader header)
    {
        var ids = Column(0, header.Count);
        foreach (var id in ids)
        {
            if ((ulong)id >= (ulong)lastBits.Length)
                throw new DamagedDataException($"tag number {id} is not in the journal");
        }

        return ids;
    }

    private static TagValue ReadValue(ref ByteReader reader, TagDataType type, ref long last, ref string? lastText)
    {
        switch (type)
        {
            case TagDataType.None:
                return TagValue.None;
            case TagDataType.String:
                var units = reader.Count(MostTextUnits);
                if (units > 0) lastText = ReadText(ref reader, units - 1);
                return TagValue.From(lastText ?? throw new DamagedDataException("text refers to nothing"));
            case TagDataType.Float32 or TagDataType.Float64:
                last ^= XorSeries.ReadOne(ref reader);
                return TagValue.FromBits(type, last);
            case <= TagDataType.UInt64:
                last = unchecked(last + reader.Zigzag());
                return TagValue.FromBits(type, last);
            default:
                throw new DamagedDataException($"data type {(int)type} does not exist");
        }
    }

    private static string ReadText(ref ByteReader reader, int length)
    {
        if (length > reader.Remaining) throw new DamagedDataException("text ends too early");
        var units = new char[length];
        for (var i = 0; i < units.Length; i++) units[i] = (char)reader.Count(char.MaxValue);
        return new string(units);
    }

    private Span<long> Column(int number, int count) => columns.AsSpan(number * BlockEncoder.MostSamples, count);
}
