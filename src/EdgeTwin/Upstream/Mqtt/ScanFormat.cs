using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>The samples that were read together in one message.</summary>
internal sealed class ScanFormat(TagTexts texts) : IPayloadFormat
{
    /// <summary>A message that has grown beyond this takes no further sample.</summary>
    public const int MostBytes = 128 * 1024;

    private int[] lastMessageOf = [];
    private int message;

    public int Encode(SampleRun run, Utf8Payload payload, out ReadOnlySpan<byte> topic)
    {
        topic = texts.SharedTopic;
        return Encode(run, payload, MostBytes);
    }

    /// <summary>Writes one scan behind what the payload holds.</summary>
    public int Encode(SampleRun run, Utf8Payload payload, int mostBytes)
    {
        var count = Length(run.Samples, mostBytes);
        var samples = run.Samples[..count];
        ref readonly var head = ref samples[0];
        payload.Raw((byte)'{');
        Place(run.Take(count), payload);
        payload.Raw(",\"time\":"u8);
        payload.Time(head.SourceTime);
        payload.Raw(",\"received\":"u8);
        payload.Time(head.ReceiveTime);
        Values(samples, payload);
        if (head.Clock != ClockState.Synchronised) payload.Raw(",\"clock\":\"unsynchronised\""u8);
        payload.Raw((byte)'}');
        return count;
    }

    /// <summary>Writes the members that say which places of the journal a message has: <c>epoch</c>, <c>seq</c>,
    /// <c>count</c> and, where the filter left some out in between, <c>seqs</c>.</summary>
    public static void Place(SampleRun run, Utf8Payload payload)
    {
        payload.Raw("\"epoch\":"u8);
        payload.Integer(run.Epoch);
        payload.Raw(",\"seq\":"u8);
        payload.Integer(run.Sequences[0]);
        payload.Raw(",\"count\":"u8);
        payload.Integer((long)run.Count);
        if (!run.IsConsecutive(run.Count)) Places(run.Sequences, payload);
    }

    /// <summary>Writes the members <c>values</c> and, where one is not good, <c>quality</c>.</summary>
    public void Values(ReadOnlySpan<Sample> samples, Utf8Payload payload)
    {
        payload.Raw(",\"values\":"u8);
        var separator = (byte)'{';
        var allGood = true;
        foreach (ref readonly var sample in samples)
        {
            payload.Raw(separator);
            payload.Raw(texts[sample.Tag].Key);
            payload.Value(sample.Value);
            allGood &= sample.Status == StatusCode.Good;
            separator = (byte)',';
        }
        payload.Raw((byte)'}');
        if (!allGood) Qualities(samples, payload);
    }

    /// <summary>How many samples were read together: equal times, each tag once, and not too much for one
    /// message.</summary>
    public int Length(ReadOnlySpan<Sample> samples, int mostBytes)
    {
        ref readonly var head = ref samples[0];
        message++;
        var bytes = 0;
        var count = 0;
        for (; count < samples.Length; count++)
        {
            ref readonly var sample = ref samples[count];
            if (sample.SourceTime != head.SourceTime || sample.ReceiveTime != head.ReceiveTime
                || sample.Clock != head.Clock) break;
            bytes += texts[sample.Tag].Key.Length + 24 + 3 * (sample.Value.Text?.Length ?? 0);
            if (sample.Tag.Index >= lastMessageOf.Length)
                Array.Resize(ref lastMessageOf, (sample.Tag.Index + 1) * 2);
            if (lastMessageOf[sample.Tag.Index] == message || (count > 0 && bytes > mostBytes)) break;
            lastMessageOf[sample.Tag.Index] = message;
        }
        return count;
    }

    private void Qualities(ReadOnlySpan<Sample> samples, Utf8Payload payload)
    {
        payload.Raw(",\"quality\":"u8);
        var separator = (byte)'{';
        foreach (ref readonly var sample in samples)
        {
            if (sample.Status == StatusCode.Good) continue;
            payload.Raw(separator);
            payload.Raw(texts[sample.Tag].Key);
            payload.Raw(texts.StatusName(sample.Status));
            separator = (byte)',';
        }
        payload.Raw((byte)'}');
    }

    private static void Places(ReadOnlySpan<long> sequences, Utf8Payload payload)
    {
        payload.Raw(",\"seqs\":"u8);
        var separator = (byte)'[';
        foreach (var sequence in sequences)
        {
            payload.Raw(separator);
            payload.Integer(sequence);
            separator = (byte)',';
        }
        payload.Raw((byte)']');
    }
}
