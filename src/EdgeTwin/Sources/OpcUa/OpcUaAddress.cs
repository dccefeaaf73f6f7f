using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>
/// Where a value is on a server, in words that survive its restart: a node by namespace uri
/// (<c>nsu=http://acme.example/plc;s=Pump.Flow</c>, OPC 10000-6 §5.3.1.11; <c>i=2258</c> in the OPC Foundation's own
/// namespace), or the way to it by names (<c>browse:Plant/Pump/Flow</c>, from the Objects folder). Never by namespace
/// index: a server may number its namespaces anew with each start.
/// </summary>
internal sealed record OpcUaAddress
{
    private const string BrowsePrefix = "browse:";
    private const string UriPrefix = "nsu=";
    private const string Example = "write nsu=http://acme.example/plc;s=Pump.Flow, or browse:Plant/Pump/Flow";

    /// <summary>A node that no server has.</summary>
    public static OpcUaAddress Nowhere { get; } = new() { NamespaceUri = "urn:edgetwin:nowhere" };

    /// <summary>Namespace of <see cref="Identifier"/>; null is that of the OPC Foundation.</summary>
    public string? NamespaceUri { get; private init; }

    /// <summary>The node without its namespace; meaningless where <see cref="Path"/> is given.</summary>
    public NodeId Identifier { get; private init; }

    /// <summary>Names from the Objects folder down; null for a node id.</summary>
    public IReadOnlyList<string>? Path { get; private init; }

    /// <summary>Reads an address; on failure says what is wrong.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out OpcUaAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (text.StartsWith(BrowsePrefix, StringComparison.Ordinal))
        {
            if (!TrySplit(text[BrowsePrefix.Length..], out var names, out problem)) return false;
            if (names.Exists(name => name is "*" or "**"))
            {
                problem = $"'{text}' stands for many nodes, and a tag is one; put it under the source's 'discover'";
                return false;
            }

            address = new OpcUaAddress { Path = names };
            return true;
        }

        problem = null;
        if (text.StartsWith("ns=", StringComparison.Ordinal))
        {
            if (NodeId.TryParse(text, out var zero) && zero.NamespaceIndex == 0)
            {
                address = new OpcUaAddress { Identifier = zero };
                return true;
            }

            problem = $"'{text}' names the namespace by its index, which the server may change with each start; write "
                + "its uri, as in nsu=http://acme.example/plc;s=Pump.Flow ('edgetwin browse' shows it)";
            return false;
        }

        string? uri = null;
        var rest = text;
        if (text.StartsWith(UriPrefix, StringComparison.Ordinal))
        {
            var end = text.IndexOf(';', StringComparison.Ordinal);
            if (end < 0)
            {
                problem = $"'{text}' has a namespace and no node; {Example}";
                return false;
            }

            uri = Uri.UnescapeDataString(text[UriPrefix.Length..end]);
            rest = text[(end + 1)..];
            if (uri.Length == 0)
            {
                problem = $"'{text}' has an empty namespace uri; {Example}";
                return false;
            }
        }

        if (rest.StartsWith("ns=", StringComparison.Ordinal) || !NodeId.TryParse(rest, out var identifier)
            || identifier.IsNull)
        {
            problem = $"'{text}' is no address of a node; {Example}";
            return false;
        }

        address = new OpcUaAddress { NamespaceUri = uri, Identifier = identifier };
        return true;
    }

    /// <summary>Reads a place below which variables are looked for: <c>browse:Plant/*</c> or
    /// <c>browse:Plant/**</c>.</summary>
    /// <param name="text">As the user wrote it.</param>
    /// <param name="path">Names from the Objects folder down to the place.</param>
    /// <param name="allLevels">Whether all levels below count, or the first alone.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryParseWildcard(
        string text, [NotNullWhen(true)] out IReadOnlyList<string>? path, out bool allLevels,
        [NotNullWhen(false)] out string? problem)
    {
        (path, allLevels) = (null, false);
        if (!text.StartsWith(BrowsePrefix, StringComparison.Ordinal))
        {
            problem = $"'{text}' is no place to look; write browse:Plant/Pump/* or browse:Plant/**";
            return false;
        }

        if (!TrySplit(text[BrowsePrefix.Length..], out var names, out problem)) return false;
        if (names[^1] is not ("*" or "**") || names[..^1].Exists(name => name is "*" or "**"))
        {
            problem = $"'{text}': the wildcard is the last part and the only one, as in browse:Plant/Pump/*";
            return false;
        }

        (path, allLevels) = (names[..^1], names[^1] == "**");
        return true;
    }

    /// <summary>The address of a node by its namespace's uri, as it is written in a configuration.</summary>
    public static string TextOf(NodeId node, string namespaceUri)
    {
        var identifier = node.WithNamespace(0).ToString();
        return node.NamespaceIndex == 0 ? identifier
            : $"{UriPrefix}{namespaceUri.Replace("%", "%25", StringComparison.Ordinal)
                .Replace(";", "%3B", StringComparison.Ordinal)};{identifier}";
    }

    // A slash inside a name is written &/ and an ampersand &&, after OPC 10000-4 §A.2.
    private static bool TrySplit(string text, out List<string> names, [NotNullWhen(false)] out string? problem)
    {
        names = [];
        var name = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '&' && i + 1 < text.Length) name.Append(text[++i]);
            else if (text[i] != '/') name.Append(text[i]);
            else if (name.Length > 0 || i > 0)
            {
                names.Add(name.ToString());
                name.Clear();
            }
        }

        names.Add(name.ToString());
        problem = names.Exists(part => part.Length == 0)
            ? $"'{BrowsePrefix}{text}' has an empty part; write the names from below Objects: browse:Plant/Pump/Flow"
            : null;
        return problem is null;
    }
}
