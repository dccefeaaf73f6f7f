using System.Text;
using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>
/// Samples as JSON; <c>docs/payload.md</c> describes both forms. Owned by one uplink; allocates nothing once every tag
/// and quality has been seen.
/// </summary>
internal sealed class SampleEncoder
{
    /// <summary>A message that has grown beyond this takes no further sample.</summary>
    private const int MostBytes = 128 * 1024;

    private readonly TopicTemplate topic;
    private readonly TagTable tags;
    private readonly string assetPath;
    private readonly string gatewayId;
    private readonly byte[] sharedTopic;
    private readonly Dictionary<uint, byte[]> statusNames = [];
    private TagText?[] texts = [];
    private int[] lastMessageOf = [];
    private int message;

    public SampleEncoder(TopicTemplate topic, TagTable tags, string assetPath, string gatewayId)
    {
        this.topic = topic;
        this.tags = tags;
        this.assetPath = assetPath;
        this.gatewayId = gatewayId;
        sharedTopic = topic.IsPerTag ? [] : topic.Fill(assetPath, gatewayId, "");
        Grow(tags.Count);
    }

    /// <summary>Writes the message that begins with the first sample; returns how many samples it carries and its
    /// topic.</summary>
    public int Encode(Position first, ReadOnlySpan<Sample> samples, Utf8Payload payload,
        out ReadOnlySpan<byte> topicName)
    {
        payload.Clear();
        if (!topic.IsPerTag)
        {
            topicName = sharedTopic;
            return EncodeScan(first, samples, payload);
        }
        topicName = Text(samples[0].Tag).Topic;
        EncodeOne(first, samples[0], payload);
        return 1;
    }

    private void EncodeOne(Position position, in Sample sample, Utf8Payload payload)
    {
        payload.Raw("{\"value\":"u8);
        Value(sample.Value, payload);
        payload.Raw(Text(sample.Tag).Unit);
        payload.Raw(",\"quality\":"u8);
        payload.Raw(StatusName(sample.Status));
        payload.Raw(",\"status\":"u8);
        payload.Integer(sample.Status.Code);
        payload.Raw(",\"time\":"u8);
        payload.Time(sample.SourceTime);
        payload.Raw(",\"received\":"u8);
        payload.Time(sample.ReceiveTime);
        payload.Raw(",\"epoch\":"u8);
        payload.Integer(position.Epoch);
        payload.Raw(",\"seq\":"u8);
        payload.Integer(position.Sequence);
        payload.Raw(sample.Clock == ClockState.Synchronised
            ? ",\"clock\":\"synchronised\"}"u8
            : ",\"clock\":\"unsynchronised\"}"u8);
    }

    private int EncodeScan(Position first, ReadOnlySpan<Sample> samples, Utf8Payload payload)
    {
        var count = ScanLength(samples);
        ref readonly var head = ref samples[0];
        payload.Raw("{\"epoch\":"u8);
        payload.Integer(first.Epoch);
        payload.Raw(",\"seq\":"u8);
        payload.Integer(first.Sequence);
        payload.Raw(",\"count\":"u8);
        payload.Integer((long)count);
        payload.Raw(",\"time\":"u8);
        payload.Time(head.SourceTime);
        payload.Raw(",\"received\":"u8);
        payload.Time(head.ReceiveTime);
        payload.Raw(",\"values\":"u8);
        var separator = (byte)'{';
        var allGood = true;
        foreach (ref readonly var sample in samples[..count])
        {
            payload.Raw(separator);
            payload.Raw(Text(sample.Tag).Key);
            Value(sample.Value, payload);
            allGood &= sample.Status == StatusCode.Good;
            separator = (byte)',';
        }
        payload.Raw((byte)'}');
        if (!allGood) Qualities(samples[..count], payload);
        if (head.Clock != ClockState.Synchronised) payload.Raw(",\"clock\":\"unsynchronised\""u8);
        payload.Raw((byte)'}');
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
            payload.Raw(Text(sample.Tag).Key);
            payload.Raw(StatusName(sample.Status));
            separator = (byte)',';
        }
        payload.Raw((byte)'}');
    }

    // Samples of one read: equal times, each tag once, and not too much for one message.
    private int ScanLength(ReadOnlySpan<Sample> samples)
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
            bytes += Text(sample.Tag).Key.Length + 24 + 3 * (sample.Value.Text?.Length ?? 0);
            if (lastMessageOf[sample.Tag.Index] == message || (count > 0 && bytes > MostBytes)) break;
            lastMessageOf[sample.Tag.Index] = message;
        }
        return count;
    }

    private static void Value(in TagValue value, Utf8Payload payload)
    {
        switch (value.Type)
        {
            case TagDataType.None:
                payload.Raw("null"u8);
                break;
            case TagDataType.Bool:
                payload.Raw(value.Bits != 0 ? "true"u8 : "false"u8);
                break;
            case TagDataType.Float32:
                payload.Number(BitConverter.UInt32BitsToSingle(unchecked((uint)value.Bits)));
                break;
            case TagDataType.Float64:
                payload.Number(BitConverter.Int64BitsToDouble(value.Bits));
                break;
            case TagDataType.UInt64:
                payload.Integer(unchecked((ulong)value.Bits));
                break;
            case TagDataType.String:
                payload.Text(value.Text ?? "");
                break;
            default:
                payload.Integer(value.Bits);
                break;
        }
    }

    private TagText Text(TagId tag)
    {
        if (tag.Index >= texts.Length) Grow(tag.Index + 1);
        return texts[tag.Index] ??= TagText.For(tags[tag], topic, assetPath, gatewayId);
    }

    private void Grow(int count)
    {
        Array.Resize(ref texts, count);
        Array.Resize(ref lastMessageOf, count);
    }

    private byte[] StatusName(StatusCode status)
    {
        if (!statusNames.TryGetValue(status.Code, out var name))
            statusNames[status.Code] = name = Encoding.UTF8.GetBytes($"\"{status}\"");
        return name;
    }
}
