namespace EdgeTwin.Sources.Mqtt;

/// <summary>Another gateway's asset, the tags that are read of it, and whether it is there.</summary>
internal sealed class JsonChild
{
    private readonly Dictionary<string, MqttTarget[]> byName;

    public JsonChild(string path, IEnumerable<MqttTarget> targets)
    {
        (Path, Targets) = (path, [.. targets]);
        byName = Targets.GroupBy(target => target.Address.Name, StringComparer.Ordinal)
            .ToDictionary(tag => tag.Key, tag => tag.ToArray(), StringComparer.Ordinal);
    }

    public string Path { get; }

    public IReadOnlyList<MqttTarget> Targets { get; }

    /// <summary>Which places of its journal have come.</summary>
    public PlaceMemory Places { get; } = new();

    /// <summary>It has said so, or its last will has. One that says nothing counts as there.</summary>
    public bool IsOffline { get; set; }

    /// <summary>Whether a sample has come before. One of a gateway that counts from the beginning has not, and is
    /// newer than all of before.</summary>
    public bool Knows((long Epoch, long Sequence) place, DateTime time)
    {
        var isKnown = Places.Holds(place, time, out var beganAnew);
        if (beganAnew)
            foreach (var target in Targets) target.Place = null;
        Places.Add(place, time);
        return isKnown;
    }

    public MqttTarget[] Find(string name) => byName.TryGetValue(name, out var found) ? found : [];
}
