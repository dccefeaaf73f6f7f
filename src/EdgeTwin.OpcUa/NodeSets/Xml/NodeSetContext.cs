using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>What the texts of a nodeset mean: aliases, namespace indexes, numbers; and messages that say where one is
/// wrong.</summary>
internal sealed class NodeSetContext(string name)
{
    public static readonly XNamespace Ua = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd";

    private readonly Dictionary<string, NodeId> aliases = [];
    private readonly Dictionary<string, NodeId> parsed = [];
    private readonly List<ushort> indexes = [0];

    /// <summary>Adds the namespace that the file calls by the next index.</summary>
    public void AddNamespace(ushort index) => indexes.Add(index);

    public void AddAlias(string alias, NodeId nodeId) => aliases[alias] = nodeId;

    /// <summary>The index of a namespace that the file calls by <paramref name="local"/>.</summary>
    public ushort Namespace(XObject at, uint local) => local < indexes.Count
        ? indexes[(int)local]
        : throw Error(at, $"namespace index {local} is not among the file's {indexes.Count} namespaces");

    /// <summary>A node id or the alias of one.</summary>
    public NodeId NodeId(XObject at, string text)
    {
        if (parsed.TryGetValue(text, out var known)) return known;
        var trimmed = text.Trim();
        if (!aliases.TryGetValue(trimmed, out var nodeId))
        {
            if (!Types.NodeId.TryParse(trimmed, out nodeId))
                throw Error(at, $"'{trimmed}' is neither a node id nor an alias");
            nodeId = nodeId.WithNamespace(Namespace(at, nodeId.NamespaceIndex));
        }

        parsed.Add(text, nodeId);
        return nodeId;
    }

    public NodeId NodeId(XAttribute? attribute, NodeId absent) =>
        attribute is null ? absent : NodeId(attribute, attribute.Value);

    /// <summary>A name with the namespace before a colon: <c>1:Pump</c>.</summary>
    public QualifiedName QualifiedName(XAttribute attribute)
    {
        var text = attribute.Value;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && ushort.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var local)
            ? new QualifiedName(Namespace(attribute, local), text[(colon + 1)..])
            : new QualifiedName(0, text);
    }

    public T Number<T>(XAttribute? attribute, T absent)
        where T : ISpanParsable<T> => attribute is null ? absent : Number<T>(attribute, attribute.Value);

    public T Number<T>(XObject at, string text)
        where T : ISpanParsable<T> => T.TryParse(text.AsSpan().Trim(), CultureInfo.InvariantCulture, out var value)
        ? value
        : throw Error(at, $"'{text}' is no {typeof(T).Name}");

    public bool Flag(XAttribute? attribute, bool absent = false) =>
        attribute is null ? absent : Flag(attribute, attribute.Value);

    public bool Flag(XObject at, string text) => text.Trim() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Error(at, $"'{text}' is neither true nor false"),
    };

    /// <summary>Lengths of dimensions: <c>2,0</c>.</summary>
    public uint[] Dimensions(XAttribute? attribute) => attribute is null || attribute.Value.Length == 0
        ? []
        : [.. attribute.Value.Split(',').Select(d => Number<uint>(attribute, d))];

    public XAttribute Required(XElement element, string attribute) => element.Attribute(attribute)
        ?? throw Error(element, $"{element.Name.LocalName} has no attribute {attribute}");

    /// <summary>The first of the texts, which the file may hold in several languages.</summary>
    public static LocalizedText Text(XElement parent, string child) => parent.Element(Ua + child) is { } element
        ? new LocalizedText(element.Attribute("Locale")?.Value is { Length: > 0 } locale ? locale : null, element.Value)
        : default;

    public InvalidDataException Error(XObject at, string what) => at is IXmlLineInfo line && line.HasLineInfo()
        ? new InvalidDataException($"{name}:{line.LineNumber}:{line.LinePosition}: {what}")
        : new InvalidDataException($"{name}: {what}");
}
