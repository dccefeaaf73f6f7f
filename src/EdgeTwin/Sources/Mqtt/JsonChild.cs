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

    /// <summary>It has said so, or its last will has. One that says nothing counts as there.</summary>
    public bool IsOffline { get; set; }

    public MqttTarget[] Find(string name) => byName.TryGetValue(name, out var found) ? found : [];
}
