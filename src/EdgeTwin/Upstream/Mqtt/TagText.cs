using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>What a message says about a tag and never changes, ready in UTF-8.</summary>
/// <param name="Topic">Where its messages go.</param>
/// <param name="Key">Its name as a JSON key with the colon: <c>"flow":</c>.</param>
/// <param name="Unit">Its unit as a JSON member with the comma before it: <c>,"unit":"L/min"</c>; empty without a
/// unit.</param>
internal sealed record TagText(byte[] Topic, byte[] Key, byte[] Unit)
{
    public static TagText For(TagDefinition tag, TopicTemplate topic, string assetPath, string gatewayId)
    {
        var text = new Utf8Payload();
        text.Text(tag.Name);
        text.Raw((byte)':');
        var key = text.Written.ToArray();
        text.Clear();
        if (tag.Unit is { } unit)
        {
            text.Raw(",\"unit\":"u8);
            text.Text(unit.Symbol);
        }
        return new TagText(topic.Fill(assetPath, gatewayId, tag.Name), key, text.Written.ToArray());
    }
}
