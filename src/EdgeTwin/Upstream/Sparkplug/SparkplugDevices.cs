using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>Which tag belongs to which device: the asset is one, and so is each of its parts that has tags.</summary>
internal sealed class SparkplugDevices
{
    private readonly int[] deviceOf;
    private readonly List<string> parts;

    /// <param name="tags">All tags, retired ones included.</param>
    /// <param name="asset">Device id of the asset itself.</param>
    public SparkplugDevices(TagTable tags, string asset)
    {
        parts = [.. tags.All.Select(tag => tag.Component).OfType<string>().Distinct(StringComparer.Ordinal)];
        Ids = [asset, .. parts.Select(part => part == asset ? $"{asset}.{part}" : part)];
        deviceOf = [.. tags.All.Select(tag => tag.Component is { } part ? 1 + parts.IndexOf(part) : 0)];
    }

    /// <summary>Device ids; the rank is the device's number.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Which part of the asset a device is; null for the asset itself.</summary>
    public string? ComponentOf(int device) => device == 0 ? null : parts[device - 1];

    /// <summary>The device of a tag.</summary>
    public int Of(TagId tag) => deviceOf[tag.Index];
}
