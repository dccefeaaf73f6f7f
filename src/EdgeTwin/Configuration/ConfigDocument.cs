namespace EdgeTwin.Configuration;

/// <summary>The tree of a configuration file, asked for positions by whoever finds something wrong later.</summary>
internal sealed class ConfigDocument(ConfigMap root)
{
    public ConfigMap Root { get; } = root;

    /// <summary>Names in a section, in the order of the file.</summary>
    public IEnumerable<string> Names(string section) =>
        Root.Find(section) is ConfigMap map ? map.Entries.Select(entry => entry.Key.Value) : [];

    /// <summary>The value at a path of keys; null when the file does not have it.</summary>
    public ConfigNode? Find(params ReadOnlySpan<string> path)
    {
        ConfigNode? node = Root;
        foreach (var key in path)
            node = (node as ConfigMap)?.Find(key);
        return node;
    }

    /// <summary>Position of the value at a path, or of the key of the nearest section around it that is
    /// there.</summary>
    public ConfigPosition Locate(params ReadOnlySpan<string> path)
    {
        var position = Root.Position;
        ConfigNode? node = Root;
        for (var i = 0; i < path.Length; i++)
        {
            if ((node as ConfigMap)?.FindEntry(path[i]) is not { } entry)
                break;
            node = entry.Value;
            // A section is found by its key; the braces or the first line below it would be a surprise.
            position = i == path.Length - 1 && node is not ConfigMap ? node.Position : entry.Key.Position;
        }

        return position;
    }

    /// <summary>Position of the key itself at a path.</summary>
    public ConfigPosition LocateKey(params ReadOnlySpan<string> path) =>
        (Find(path[..^1]) as ConfigMap)?.FindEntry(path[^1])?.Key.Position ?? Locate(path);

    /// <summary>Position of a character inside the text at a path.</summary>
    public ConfigPosition LocateInside(int offset, params ReadOnlySpan<string> path) =>
        Find(path) is ConfigScalar scalar ? scalar.At(offset) : Locate(path);
}
