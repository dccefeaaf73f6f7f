namespace EdgeTwin.Configuration;

/// <summary>Adds the rows of <c>tagFiles</c> to the section <c>tags</c> before anything is bound, so that one set of
/// rules sees all.</summary>
internal static class TagFiles
{
    public static void Merge(ConfigMap root, string baseFolder, ConfigErrors errors)
    {
        if (root.Find("tagFiles") is not ConfigList files)
            return;
        var rows = new List<KeyValuePair<ConfigScalar, ConfigNode>>();
        foreach (var file in files.Items.OfType<ConfigScalar>().Where(file => file.Value.Length > 0))
        {
            var path = Path.GetFullPath(Path.Combine(baseFolder, file.Value));
            if (!File.Exists(path) && IsDiscovered(root, file.Value)) continue;
            if (ConfigFileText.TryRead(path, file.Value, errors, file.Position, out var text))
                rows.AddRange(TagCsv.ReadTree(file.Value, text, errors));
        }

        if (root.Find("tags") is ConfigMap tags)
            tags.Append(rows);
        else if (root.Find("tags") is null or ConfigScalar { IsAbsent: true } or ConfigScalar { IsNull: true })
            root.Set(new ConfigScalar(files.Position, "tags", quoted: true), new ConfigMap(files.Position, rows));
    }

    // The source makes it when it has found something.
    private static bool IsDiscovered(ConfigMap root, string file) =>
        root.Find("sources") is ConfigMap sources && sources.Entries.Any(source =>
            source.Value is ConfigMap keys && keys.Find("discovered") is ConfigScalar named && named.Value == file);
}
