using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>One sample a message.</summary>
internal sealed class TagFormat(TagTexts texts) : IPayloadFormat
{
    public int Encode(SampleRun run, Utf8Payload payload, out ReadOnlySpan<byte> topic)
    {
        ref readonly var sample = ref run.Samples[0];
        var text = texts[sample.Tag];
        topic = text.Topic;
        payload.Raw("{\"value\":"u8);
        payload.Value(sample.Value);
        payload.Raw(text.Unit);
        payload.Raw(",\"quality\":"u8);
        payload.Raw(texts.StatusName(sample.Status));
        payload.Raw(",\"status\":"u8);
        payload.Integer(sample.Status.Code);
        payload.Raw(",\"time\":"u8);
        payload.Time(sample.SourceTime);
        payload.Raw(",\"received\":"u8);
        payload.Time(sample.ReceiveTime);
        payload.Raw(",\"epoch\":"u8);
        payload.Integer(run.Epoch);
        payload.Raw(",\"seq\":"u8);
        payload.Integer(run.Sequences[0]);
        payload.Raw(sample.Clock == ClockState.Synchronised
            ? ",\"clock\":\"synchronised\"}"u8
            : ",\"clock\":\"unsynchronised\"}"u8);
        return 1;
    }
}
