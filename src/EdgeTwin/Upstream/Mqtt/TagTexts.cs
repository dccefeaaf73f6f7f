using System.Text;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>What messages say again and again, in UTF-8: names, topics, units, qualities. Owned by one format;
/// allocates nothing once every tag and quality has been seen.</summary>
internal sealed class TagTexts(TopicTemplate topic, UplinkContext context)
{
    private readonly Dictionary<uint, byte[]> statusNames = [];
    private TagText?[] texts = [];

    /// <summary>The topic of messages with several tags.</summary>
    public byte[] SharedTopic { get; } = topic.Fill(context.AssetPath, context.GatewayId, "");

    public TagText this[TagId tag]
    {
        get
        {
            if (tag.Index >= texts.Length) Array.Resize(ref texts, Math.Max(context.Tags.Count, tag.Index + 1));
            return texts[tag.Index] ??=
                TagText.For(context.Tags[tag], topic, context.AssetPath, context.GatewayId);
        }
    }

    /// <summary>Name of a status as a JSON string, quotes included.</summary>
    public byte[] StatusName(StatusCode status)
    {
        if (!statusNames.TryGetValue(status.Code, out var name))
            statusNames[status.Code] = name = Encoding.UTF8.GetBytes($"\"{status}\"");
        return name;
    }
}
