using System.Text;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>
/// The CSV file of variables that were found, one a line: <c>name,source,address,type</c>. It only grows: rows that
/// somebody edited stay as they are.
/// </summary>
internal sealed class DiscoveredTags
{
    private const string Header = "name,source,address,type";

    private readonly string path;
    private readonly string source;
    private readonly Func<string, bool> isTaken;
    private readonly List<string> lines;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly string text;

    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="source">Name of the source that reads the variables.</param>
    /// <param name="isTaken">Whether a name is in use elsewhere: a second tag of a name would make the configuration
    /// that reads the file wrong.</param>
    public DiscoveredTags(string path, string source, Func<string, bool> isTaken)
    {
        (this.path, this.source, this.isTaken) = (path, source, isTaken);
        lines = File.Exists(path) ? [.. File.ReadAllLines(path)] : [Header];
        text = string.Join('\n', lines);
        foreach (var line in lines) names.Add(line.Split(',', ';', '\t')[0].Trim('"'));
    }

    /// <summary>Adds a variable; false when its address is there already.</summary>
    public bool Add(string name, string address, TagDataType type)
    {
        var field = $"\"{address.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        if (text.Contains(field, StringComparison.Ordinal)) return false;
        var tag = TagNames.From(name);
        for (var i = 2; isTaken(tag) || !names.Add(tag); i++) tag = $"{TagNames.From(name)}-{i}";
        lines.Add($"{tag},{source},{field},{type.ToString().ToLowerInvariant()}");
        return true;
    }

    /// <summary>Writes the file beside itself and puts it in place, so that nobody reads half of it.</summary>
    public void Save()
    {
        var temporary = path + ".new";
        File.WriteAllLines(temporary, lines, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, path, overwrite: true);
    }
}
