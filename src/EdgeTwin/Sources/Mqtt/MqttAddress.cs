namespace EdgeTwin.Sources.Mqtt;

/// <summary>Where a value is at a broker.</summary>
/// <param name="Place"><c>json</c>: the path of the asset. <c>sparkplug</c>: <c>group/node</c>. <c>value</c>: the
/// topic.</param>
/// <param name="Name"><c>json</c>: the tag. <c>sparkplug</c>: the metric, behind its device where it has one.
/// <c>value</c>: JSON pointer (RFC 6901), empty for the whole payload.</param>
internal readonly record struct MqttAddress(string Place, string Name)
{
    /// <summary>Takes an address apart; null is nothing wrong.</summary>
    public static string? Parse(MqttSourceFormat format, string text, out MqttAddress address)
    {
        address = new MqttAddress(text, "");
        if (text.IndexOfAny(['+', '\0']) is >= 0 and var at)
            return $"'{text}' contains '{(text[at] == '\0' ? "U+0000" : text[at])}'; a tag has one topic, not several";
        return format switch
        {
            MqttSourceFormat.Sparkplug => Sparkplug(text, ref address),
            MqttSourceFormat.Value => Value(text, ref address),
            _ => Json(text, ref address),
        };
    }

    private static string? Json(string text, ref MqttAddress address)
    {
        var slash = text.LastIndexOf('/');
        if (slash <= 0 || slash == text.Length - 1 || text.Contains('#', StringComparison.Ordinal))
            return $"'{text}' is no tag of another gateway; write its asset's path and the tag, as in "
                + "acme/north/line-1/pump-7/flow";
        address = new MqttAddress(text[..slash], text[(slash + 1)..]);
        return null;
    }

    private static string? Sparkplug(string text, ref MqttAddress address)
    {
        if (text.Split('/', 3) is not [{ Length: > 0 } group, { Length: > 0 } node, { Length: > 0 } metric]
            || group == "STATE" || text.Contains('#', StringComparison.Ordinal))
            return $"'{text}' is no metric; write group/node/metric, or group/node/device/metric";
        address = new MqttAddress($"{group}/{node}", metric);
        return null;
    }

    private static string? Value(string text, ref MqttAddress address)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash == 0 || text.Length == 0) return "the address is empty; write the topic";
        if (hash < 0) return null;
        address = new MqttAddress(text[..hash], text[(hash + 1)..]);
        return address.Name.StartsWith('/')
            ? null
            : $"'{text}': what follows '#' is a JSON pointer and begins with '/', as in meters/4#/power/active";
    }
}
