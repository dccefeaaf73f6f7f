using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// Codes the samples of one tag in order of time: where they lie on the timeline, their qualities, types and values.
/// </summary>
internal static class ChunkCodec
{
    public const int MostSamples = 1 << 24;

    private const byte Kind = (byte)'C';
    private const byte Version = 1;
    private const int MostTextUnits = 1 << 24;

    private static readonly Numbers Integers = new(NumberKind.Integer, 0);

    public static void Write(ByteWriter writer, ReadOnlySpan<TimedValue> samples, Effort effort)
    {
        var start = writer.Length;
        writer.Byte(Kind);
        writer.Byte(Version);
        writer.Varint((ulong)samples.Length);
        var column = new long[samples.Length];
        for (var i = 0; i < column.Length; i++) column[i] = samples[i].Time;
        SeriesCodec.Write(writer, column, Integers, effort);
        for (var i = 0; i < column.Length; i++) column[i] = samples[i].Status.Code;
        SeriesCodec.Write(writer, column, Integers, effort);
        for (var i = 0; i < column.Length; i++) column[i] = (byte)samples[i].Value.Type;
        SeriesCodec.Write(writer, column, Integers, effort);
        WriteValues(writer, samples, column, effort);
        writer.Seal(start);
    }

    /// <exception cref="DamagedDataException">These bytes are not a chunk as it was written.</exception>
    public static TimedValue[] Read(ReadOnlySpan<byte> bytes)
    {
        var reader = ByteReader.Unseal(bytes);
        reader.Expect(Kind, Version);
        var samples = new TimedValue[reader.Count(MostSamples)];
        var times = new long[samples.Length];
        var statuses = new long[samples.Length];
        var types = new long[samples.Length];
        SeriesCodec.Read(ref reader, times, Integers);
        SeriesCodec.Read(ref reader, statuses, Integers);
        SeriesCodec.Read(ref reader, types, Integers);
        var values = ReadValues(ref reader, types);
        for (var i = 0; i < samples.Length; i++)
        {
            if (times[i] is < 0 or > int.MaxValue) throw new DamagedDataException("time is not on the timeline");
            samples[i] = new TimedValue((int)times[i], new StatusCode(unchecked((uint)statuses[i])), values[i]);
        }

        return samples;
    }

    private static void WriteValues(ByteWriter writer, ReadOnlySpan<TimedValue> samples, long[] column, Effort effort)
    {
        var texts = new List<string>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var only = OnlyType(samples);
        var count = 0;
        foreach (ref readonly var sample in samples)
        {
            if (sample.Value.IsNone) continue;
            column[count++] = sample.Value.Text is { } text ? Place(text, texts, places) : sample.Value.Bits;
        }

        writer.Varint((ulong)texts.Count);
        foreach (var text in texts) writer.Text(text);
        var bits = column.AsSpan(0, count);
        var numbers = NumberChoice.Choose(only, bits);
        writer.Byte((byte)numbers.Kind);
        writer.Byte((byte)numbers.Decimals);
        WriteExceptions(writer, bits, numbers, only);
        if (count > 0) SeriesCodec.Write(writer, bits, numbers, effort);
    }

    private static int Place(string text, List<string> texts, Dictionary<string, int> places)
    {
        if (places.TryGetValue(text, out var place)) return place;
        places.Add(text, texts.Count);
        texts.Add(text);
        return texts.Count - 1;
    }

    // Values that the choice cannot express (NaN, −0.0 …) are listed and their place is taken by the number before.
    private static void WriteExceptions(ByteWriter writer, Span<long> bits, Numbers numbers, TagDataType type)
    {
        var exceptions = new List<(int Index, long Bits)>();
        long previous = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            if (numbers.TryFromBits(type, bits[i], out var number)) previous = number;
            else exceptions.Add((i, bits[i]));
            bits[i] = previous;
        }

        writer.Varint((ulong)exceptions.Count);
        var last = 0;
        foreach (var (index, value) in exceptions)
        {
            writer.Varint((ulong)(index - last));
            writer.LowBytes(unchecked((ulong)value), 8);
            last = index;
        }
    }

    private static TagDataType OnlyType(ReadOnlySpan<TimedValue> samples)
    {
        var only = TagDataType.None;
        foreach (ref readonly var sample in samples)
        {
            if (sample.Value.IsNone || sample.Value.Type == only) continue;
            if (only != TagDataType.None) return TagDataType.None;
            only = sample.Value.Type;
        }

        return only;
    }

    private static TagValue[] ReadValues(ref ByteReader reader, long[] types)
    {
        var texts = new string[reader.Count(types.Length)];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.Text(Math.Min(MostTextUnits, reader.Remaining));
        var numbers = new Numbers((NumberKind)reader.Byte(), reader.Byte());
        if (numbers.Kind > NumberKind.Ordered32 || numbers.Decimals > Numbers.MostDecimals)
            throw new DamagedDataException("unknown kind of numbers");
        var present = types.Count(type => type != (long)TagDataType.None);
        var exceptions = new Dictionary<int, long>();
        var index = 0;
        for (var left = reader.Count(present); left > 0; left--)
        {
            index += reader.Count(present);
            exceptions[index] = unchecked((long)reader.LowBytes(8));
        }

        var series = new long[present];
        if (present > 0) SeriesCodec.Read(ref reader, series, numbers);
        var values = new TagValue[types.Length];
        var at = 0;
        for (var i = 0; i < types.Length; i++)
        {
            if (types[i] == (long)TagDataType.None) continue;
            values[i] = Value(types[i], numbers, series[at], exceptions.Count > 0
                && exceptions.TryGetValue(at, out var odd) ? odd : null, texts);
            at++;
        }

        return values;
    }

    private static TagValue Value(long type, Numbers numbers, long number, long? exception, string[] texts)
    {
        if (type is < 0
            or > (long)TagDataType.String) throw new DamagedDataException($"data type {type} does not exist");
        var known = (TagDataType)type;
        if (known != TagDataType.String) return TagValue.FromBits(known, exception ?? numbers.ToBits(known, number));
        return number >= 0 && number < texts.Length
            ? TagValue.From(texts[number])
            : throw new DamagedDataException("text is not in the list");
    }
}
