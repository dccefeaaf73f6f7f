namespace EdgeTwin.Configuration;

/// <summary>A section: keys with their values, in the order of the file. A repeated key is kept; the binder reports
/// it.</summary>
internal sealed class ConfigMap(ConfigPosition position, List<KeyValuePair<ConfigScalar, ConfigNode>> entries)
    : ConfigNode(position)
{
    private Dictionary<string, int>? index;

    public IReadOnlyList<KeyValuePair<ConfigScalar, ConfigNode>> Entries => entries;

    public override string Shown => "a section of keys";

    /// <summary>The first value of a key.</summary>
    public ConfigNode? Find(string key) => FindEntry(key)?.Value;

    /// <summary>The first entry of a key.</summary>
    public KeyValuePair<ConfigScalar, ConfigNode>? FindEntry(string key)
    {
        if (index is null)
        {
            index = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < entries.Count; i++)
                index.TryAdd(entries[i].Key.Value, i);
        }

        return index.TryGetValue(key, out var at) ? entries[at] : null;
    }

    /// <summary>Appends what another file adds to this section.</summary>
    public void Append(IEnumerable<KeyValuePair<ConfigScalar, ConfigNode>> more)
    {
        entries.AddRange(more);
        index = null;
    }

    /// <summary>Gives a key a value, in place of what it had.</summary>
    public void Set(ConfigScalar key, ConfigNode value)
    {
        var at = entries.FindIndex(entry => entry.Key.Value == key.Value);
        if (at >= 0)
            entries[at] = new(entries[at].Key, value);
        else
            entries.Add(new(key, value));
        index = null;
    }
}
