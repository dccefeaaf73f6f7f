using System.Text;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Upstream;

/// <summary>What each message says of its payload with MQTT 5.0: payload format indicator (§3.3.2.3.2) and content type
/// (§3.3.2.3.9). One object serves all messages of an uplink.</summary>
internal static class PayloadNotes
{
    /// <summary>JSON, not packed.</summary>
    public static readonly MqttMessageProperties Json = new()
    {
        PayloadIsText = true,
        ContentType = "application/json",
    };

    /// <summary>What an uplink's messages say; null for nothing, as with MQTT 3.1.1.</summary>
    public static MqttMessageProperties? Of(MqttUplinkConfig config)
    {
        if (config.Protocol != "5") return null;
        return config.Batch?.Compression switch
        {
            Compression.Gzip => new MqttMessageProperties { ContentType = "application/json+gzip" },
            Compression.Brotli => new MqttMessageProperties { ContentType = "application/json+br" },
            // What a payload of one's own is, only its author knows.
            _ => config.Payload is null ? Json : new MqttMessageProperties { PayloadIsText = true },
        };
    }

    /// <summary>Bytes that they add to a packet.</summary>
    public static int LengthOf(MqttMessageProperties? notes) => notes is null ? 0
        : (notes.PayloadIsText ? 2 : 0) + (notes.ContentType is { } type ? 3 + Encoding.UTF8.GetByteCount(type) : 0);
}
