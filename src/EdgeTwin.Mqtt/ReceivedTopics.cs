using System.Text;

namespace EdgeTwin.Mqtt;

/// <summary>Topics that the broker has given a number on this connection (MQTT 5.0 §3.3.2.3.4).</summary>
internal sealed class ReceivedTopics(int most)
{
    private string?[] topics = [];

    /// <summary>The topic of a message: as it stands there, or the one that its alias stands for.</summary>
    /// <exception cref="MqttException">ProtocolViolation: an alias above the maximum or unknown, or
    /// neither.</exception>
    public string Resolve(ReadOnlySpan<byte> topic, int alias)
    {
        if (alias == 0)
        {
            if (topic.IsEmpty) throw MqttException.Violation("a message with neither topic nor alias");
            return Encoding.UTF8.GetString(topic);
        }
        if (alias > most) // [MQTT-3.1.2-26]
            throw MqttException.Violation($"topic alias {alias}; the maximum is {most}",
                MqttReasonCode.TopicAliasInvalid);
        if (alias >= topics.Length && !topic.IsEmpty)
            Array.Resize(ref topics, Math.Min(most + 1, Math.Max(alias + 1, topics.Length * 2)));
        if (!topic.IsEmpty) return topics[alias] = Encoding.UTF8.GetString(topic);
        return (alias < topics.Length ? topics[alias] : null)
            ?? throw MqttException.Violation($"topic alias {alias}, which stands for nothing");
    }

    /// <summary>A new connection begins: aliases do not outlive theirs.</summary>
    public void Clear() => topics = [];
}
