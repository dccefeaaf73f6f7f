using System.Text.Json;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>The places of the metrics of a message, where its body says them (docs/payload.md), taken one after the
/// other. The body of a foreign edge node says none.</summary>
internal struct PlaceList
{
    private readonly long epoch;
    private readonly long first;
    private readonly long[]? sequences;
    private readonly int count;
    private int next;

    private PlaceList(long epoch, long first, int count, long[]? sequences) =>
        (this.epoch, this.first, this.count, this.sequences) = (epoch, first, count, sequences);

    /// <summary>The list, or an empty one.</summary>
    public static PlaceList Of(SparkplugPayload data)
    {
        if (data.Body is not { Length: > 0 } body) return default;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } place
                || !Number(place, "epoch", out var epoch) || !Number(place, "seq", out var first)
                || !Number(place, "count", out var count) || count != Values(data.Metrics)) return default;
            if (!place.TryGetProperty("seqs", out var list)) return new PlaceList(epoch, first, (int)count, null);
            return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == count
                ? new PlaceList(epoch, first, (int)count, [.. list.EnumerateArray().Select(each => each.GetInt64())])
                : default;
        }
        catch (Exception foreign) when (foreign is JsonException or FormatException or InvalidOperationException)
        {
            return default; // it is none of ours
        }
    }

    /// <summary>The place of the next metric; false where the message says none.</summary>
    public bool TryTake(out (long Epoch, long Sequence) place)
    {
        place = next < count ? (epoch, sequences is null ? first + next : sequences[next]) : default;
        return next++ < count;
    }

    // Instances of templates have theirs one by one.
    private static int Values(IReadOnlyList<SparkplugMetric> metrics) => metrics.Sum(metric =>
        metric.Value.Template is not { } template ? 1 : template.IsDefinition ? 0 : Values(template.Metrics));

    private static bool Number(JsonElement of, string name, out long number)
    {
        number = 0;
        return of.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt64(out number);
    }
}
