using System.Text.Json;

namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>What a host application says of itself on its STATE topic (§5.7):
/// <c>{"online":true,"timestamp":…}</c>.</summary>
/// <param name="IsOnline">Whether it is there.</param>
/// <param name="Timestamp">When it said so, milliseconds since 1970; the newest counts.</param>
internal readonly record struct SparkplugHostState(bool IsOnline, ulong Timestamp)
{
    private const int MostBytes = 4096;

    /// <summary>Reads it; false for everything that is not exactly this.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SparkplugHostState state)
    {
        state = default;
        if (payload.Length > MostBytes) return false;
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 8 });
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (reader.Read() || root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("online", out var online)
                || online.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
                || !root.TryGetProperty("timestamp", out var timestamp) || timestamp.ValueKind != JsonValueKind.Number
                || !timestamp.TryGetUInt64(out var time)) return false;
            state = new SparkplugHostState(online.GetBoolean(), time);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
