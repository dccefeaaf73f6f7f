using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>The distinct times of a segment, ascending, shared by all its tags.</summary>
internal sealed class Timeline
{
    private const byte Kind = (byte)'T';
    private const byte Version = 1;

    private static readonly Numbers Integers = new(NumberKind.Integer, 0);

    private readonly Instant[] instants;

    /// <param name="instants">Ascending and distinct.</param>
    public Timeline(Instant[] instants) => this.instants = instants;

    public int Count => instants.Length;

    public Instant this[int index] => index < instants.Length
        ? instants[index]
        : throw new DamagedDataException("time is not on the timeline");

    /// <summary>Collects times as they come and says afterwards where each one lies.</summary>
    public static (Timeline Timeline, int[] Places) Of(ReadOnlySpan<Instant> asTheyCame)
    {
        var firstPlaces = new int[asTheyCame.Length];
        var distinct = new List<Instant>();
        var known = new Dictionary<Instant, int>();
        for (var i = 0; i < asTheyCame.Length; i++)
        {
            if (i > 0 && asTheyCame[i] == asTheyCame[i - 1])
            {
                firstPlaces[i] = firstPlaces[i - 1];
                continue;
            }

            if (!known.TryGetValue(asTheyCame[i], out var place))
            {
                place = distinct.Count;
                known.Add(asTheyCame[i], place);
                distinct.Add(asTheyCame[i]);
            }

            firstPlaces[i] = place;
        }

        var sorted = distinct.ToArray();
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, order);
        var moved = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++) moved[order[i]] = i;
        for (var i = 0; i < firstPlaces.Length; i++) firstPlaces[i] = moved[firstPlaces[i]];
        return (new Timeline(sorted), firstPlaces);
    }

    public void Write(ByteWriter writer, Effort effort)
    {
        var start = writer.Length;
        writer.Byte(Kind);
        writer.Byte(Version);
        writer.Varint((ulong)instants.Length);
        var column = new long[instants.Length];
        for (var i = 0; i < column.Length; i++) column[i] = instants[i].SourceTicks;
        SeriesCodec.Write(writer, column, Integers, effort);
        for (var i = 0; i < column.Length; i++) column[i] = instants[i].ReceiveTicks - instants[i].SourceTicks;
        SeriesCodec.Write(writer, column, Integers, effort);
        for (var i = 0; i < column.Length; i++) column[i] = (byte)instants[i].Clock;
        SeriesCodec.Write(writer, column, Integers, effort);
        writer.Seal(start);
    }

    /// <exception cref="DamagedDataException">These bytes are not a timeline as it was written.</exception>
    public static Timeline Read(ReadOnlySpan<byte> bytes)
    {
        var reader = ByteReader.Unseal(bytes);
        reader.Expect(Kind, Version);
        var count = reader.Count(ChunkCodec.MostSamples);
        var source = new long[count];
        var receive = new long[count];
        var clock = new long[count];
        SeriesCodec.Read(ref reader, source, Integers);
        SeriesCodec.Read(ref reader, receive, Integers);
        SeriesCodec.Read(ref reader, clock, Integers);
        var read = new Instant[count];
        for (var i = 0; i < count; i++)
            read[i] = new Instant(source[i], unchecked(source[i] + receive[i]), (ClockState)clock[i]);
        return new Timeline(read);
    }
}
