using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>One sample a message, in a house style.</summary>
internal sealed class TemplateFormat(PayloadTemplate template, TagTexts texts, UplinkContext context) : IPayloadFormat
{
    public int Encode(SampleRun run, Utf8Payload payload, out ReadOnlySpan<byte> topic)
    {
        ref readonly var sample = ref run.Samples[0];
        topic = texts[sample.Tag].Topic;
        foreach (var (text, name) in template.Pieces)
        {
            payload.Raw(text);
            Fill(name, sample, run.First, payload);
        }

        return 1;
    }

    private void Fill(string name, in Sample sample, Journal.Position place, Utf8Payload payload)
    {
        switch (name)
        {
            case "value":
                payload.Value(sample.Value);
                break;
            case "time":
                payload.TimeText(sample.SourceTime);
                break;
            case "received":
                payload.TimeText(sample.ReceiveTime);
                break;
            case "unix":
                payload.Integer((sample.SourceTime.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond);
                break;
            case "tag":
                payload.Escaped(context.Tags[sample.Tag].Name);
                break;
            case "unit":
                payload.Escaped(context.Tags[sample.Tag].Unit?.Symbol ?? "");
                break;
            case "quality":
                payload.Raw(texts.StatusName(sample.Status).AsSpan()[1..^1]);
                break;
            case "status":
                payload.Integer(sample.Status.Code);
                break;
            case "epoch":
                payload.Integer(place.Epoch);
                break;
            case "seq":
                payload.Integer(place.Sequence);
                break;
            case "asset.path":
                payload.Escaped(context.AssetPath);
                break;
            case "gateway.id":
                payload.Escaped(context.GatewayId);
                break;
            default:
                break; // the end of the template
        }
    }
}
