using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>A tag, where its value comes from, and what is known of it.</summary>
internal sealed class MqttTarget(SourceTag tag, MqttAddress address)
{
    public SourceTag Tag { get; } = tag;

    public MqttAddress Address { get; } = address;

    /// <summary>A value came and still counts.</summary>
    public bool IsHeard { get; set; }

    /// <summary>With which status the gateway itself last called it bad; null since a value came.</summary>
    public StatusCode? Told { get; set; }

    /// <summary>Epoch and sequence of the newest value, where the sender says them.</summary>
    public (long Epoch, long Sequence)? Place { get; set; }

    /// <summary>Source time of that value.</summary>
    public DateTime PlaceTime { get; set; }

    /// <summary>A value of a gateway that is said to be offline; it counts once that is online.</summary>
    public Sample? Waiting { get; set; }

    /// <summary>Newest value that counted, of a sender that says no places with it.</summary>
    public Sample? Newest { get; set; }

    /// <summary>Values of births that may come once more among the data; null for none.</summary>
    public Queue<Sample>? Births { get; set; }

    /// <summary>Device of the metric as its birth said; null for the node's own.</summary>
    public string? Device { get; set; }
}
