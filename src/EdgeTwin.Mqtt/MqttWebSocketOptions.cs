namespace EdgeTwin.Mqtt;

/// <summary>MQTT inside a WebSocket (§6), for brokers that only a web port reaches.</summary>
public sealed record MqttWebSocketOptions
{
    /// <summary>Path of the request, with its leading slash.</summary>
    public string Path { get; init; } = "/mqtt";

    /// <summary>Further headers of the request, such as an authorisation; none by default.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
