namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Several scans in one message: a JSON array of them.</summary>
internal sealed class BatchFormat(TagTexts texts, BatchConfig batch) : IPayloadFormat
{
    private readonly ScanFormat scan = new(texts);
    private readonly int mostBytes = batch.MaxKb * 1000;

    public int Encode(SampleRun run, Utf8Payload payload, out ReadOnlySpan<byte> topic)
    {
        topic = texts.SharedTopic;
        var most = Math.Min(run.Count, batch.Samples);
        var count = 0;
        do
        {
            var before = payload.Length;
            payload.Raw(count == 0 ? (byte)'[' : (byte)',');
            var more = scan.Encode(run.Slice(count, most - count), payload, mostBytes);
            if (count > 0 && payload.Length >= mostBytes)
            {
                payload.Truncate(before); // that scan begins the next message
                break;
            }

            count += more;
        }
        while (count < most && payload.Length < mostBytes);
        payload.Raw((byte)']');
        return count;
    }
}
