using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>
/// The latest value of every tag in each message. A message belongs to one scan, so that no sample is left out; what
/// follows as history after an outage has the values of its own scan only.
/// </summary>
internal sealed class AssetFormat(TagTexts texts, TagTable tags) : IPayloadFormat
{
    private readonly ScanFormat scan = new(texts);
    private Sample[] latest = [];
    private bool[] known = [];
    private Sample[] all = [];

    public int Encode(SampleRun run, Utf8Payload payload, out ReadOnlySpan<byte> topic)
    {
        topic = texts.SharedTopic;
        if (run.IsHistory) return scan.Encode(run, payload, ScanFormat.MostBytes);
        var count = scan.Length(run.Samples, ScanFormat.MostBytes);
        Remember(run.Samples[..count]);
        ref readonly var head = ref run.Samples[0];
        payload.Raw("{\"epoch\":"u8);
        payload.Integer(run.Epoch);
        payload.Raw(",\"seq\":"u8);
        payload.Integer(run.Sequences[0]);
        payload.Raw(",\"count\":"u8);
        payload.Integer((long)count);
        payload.Raw(",\"new\":"u8);
        Places(run.Take(count), payload);
        payload.Raw(",\"time\":"u8);
        payload.Time(head.SourceTime);
        payload.Raw(",\"received\":"u8);
        payload.Time(head.ReceiveTime);
        scan.Values(All(), payload);
        if (head.Clock != ClockState.Synchronised) payload.Raw(",\"clock\":\"unsynchronised\""u8);
        payload.Raw((byte)'}');
        return count;
    }

    // Which of the values are new, and their places.
    private void Places(SampleRun run, Utf8Payload payload)
    {
        var separator = (byte)'{';
        for (var i = 0; i < run.Count; i++)
        {
            payload.Raw(separator);
            payload.Raw(texts[run.Samples[i].Tag].Key);
            payload.Integer(run.Sequences[i]);
            separator = (byte)',';
        }
        payload.Raw((byte)'}');
    }

    private void Remember(ReadOnlySpan<Sample> samples)
    {
        if (latest.Length < tags.Count)
        {
            Array.Resize(ref latest, tags.Count);
            Array.Resize(ref known, tags.Count);
            Array.Resize(ref all, tags.Count);
        }

        foreach (ref readonly var sample in samples)
        {
            latest[sample.Tag.Index] = sample;
            known[sample.Tag.Index] = true;
        }
    }

    private ReadOnlySpan<Sample> All()
    {
        var count = 0;
        for (var i = 0; i < latest.Length; i++)
            if (known[i]) all[count++] = latest[i];
        return all.AsSpan(0, count);
    }
}
