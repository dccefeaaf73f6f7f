using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// Codes samples into a block in the order in which they came: fast, self-contained, checked by its own checksum. The
/// layout is drawn in docs/decisions/0001-journal.md. Not thread-safe; one per writer.
/// </summary>
internal sealed class BlockEncoder(JournalTags tags)
{
    public const byte Kind = (byte)'B';
    public const byte Version = 1;
    public const int MostSamples = 8192;

    private readonly ByteWriter writer = new(1 << 16);
    private readonly long[] column = new long[MostSamples];
    private readonly long[] lastBits = new long[tags.Count];
    private readonly string?[] lastText = new string?[tags.Count];

    /// <summary>The coded block; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(Position first, ReadOnlySpan<Sample> samples)
    {
        writer.Clear();
        writer.Byte(Kind);
        writer.Byte(Version);
        writer.Position(first);
        writer.Varint((ulong)samples.Length);
        var values = column.AsSpan(0, samples.Length);
        for (var i = 0; i < values.Length; i++) values[i] = tags.DurableOf(samples[i].Tag);
        Runs.Write(writer, values);
        for (var i = 0; i < values.Length; i++) values[i] = samples[i].Status.Code;
        Runs.Write(writer, values);
        for (var i = 0; i < values.Length; i++) values[i] = (byte)samples[i].Value.Type;
        Runs.Write(writer, values);
        for (var i = 0; i < values.Length; i++) values[i] = (byte)samples[i].Clock;
        Runs.Write(writer, values);
        for (var i = 0; i < values.Length; i++) values[i] = samples[i].ReceiveTime.Ticks;
        Runs.Write(writer, values);
        for (var i = 0; i < values.Length; i++) values[i] = samples[i].SourceTime.Ticks - samples[i].ReceiveTime.Ticks;
        Runs.Write(writer, values);
        WriteValues(samples);
        writer.Seal();
        return writer.Written;
    }

    private void WriteValues(ReadOnlySpan<Sample> samples)
    {
        foreach (ref readonly var sample in samples)
        {
            lastBits[sample.Tag.Index] = 0;
            lastText[sample.Tag.Index] = null;
        }

        foreach (ref readonly var sample in samples)
        {
            ref var last = ref lastBits[sample.Tag.Index];
            var value = sample.Value;
            switch (value.Type)
            {
                case TagDataType.None:
                    break;
                case TagDataType.String:
                    WriteText(value.Text ?? "", ref lastText[sample.Tag.Index]);
                    break;
                case TagDataType.Float32 or TagDataType.Float64:
                    XorSeries.WriteOne(writer, unchecked((ulong)(value.Bits ^ last)));
                    last = value.Bits;
                    break;
                default:
                    writer.Zigzag(unchecked(value.Bits - last));
                    last = value.Bits;
                    break;
            }
        }
    }

    private void WriteText(string text, ref string? last)
    {
        if (text == last)
        {
            writer.Varint(0UL);
            return;
        }

        writer.Varint((ulong)text.Length + 1);
        foreach (var unit in text) writer.Varint((ulong)unit);
        last = text;
    }
}
