using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>The core nodeset as the code writers see it: names, parents and the encodings of data types.</summary>
internal sealed partial class CoreNodeSet
{
    private static readonly XNamespace Ua = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd";
    private const string BinarySchemaNode = "i=7617";

    private readonly Dictionary<uint, CoreNode> nodes = [];
    private readonly Dictionary<string, uint> encodings = [];

    public required BinarySchema Schema { get; init; }

    public IEnumerable<CoreNode> Nodes => nodes.Values;

    /// <summary>The ids of the <c>Default Binary</c> encodings, by the name of the data type.</summary>
    public IReadOnlyDictionary<string, uint> Encodings => encodings;

    public static CoreNodeSet Load(string path)
    {
        var root = XDocument.Load(path).Root!;
        var elements = root.Elements()
            .Where(static e => e.Attribute("NodeId") is not null)
            .ToDictionary(static e => e.Attribute("NodeId")!.Value);
        var schema = Convert.FromBase64String(elements[BinarySchemaNode].Element(Ua + "Value")!.Value);
        var set = new CoreNodeSet { Schema = BinarySchema.Parse(schema) };
        foreach (var element in elements.Values)
        {
            var id = Id(element.Attribute("NodeId")!.Value);
            set.nodes.Add(id, new(
                id,
                element.Name.LocalName["UA".Length..],
                (element.Attribute("SymbolicName") ?? element.Attribute("BrowseName"))!.Value,
                element.Attribute("ParentNodeId") is { } parent ? Id(parent.Value) : null,
                element.Attribute("IsAbstract")?.Value == "true",
                element.Element(Ua + "Documentation")?.Value));
        }

        foreach (var element in elements.Values) set.AddEncoding(element, elements);
        foreach (var (name, id) in CsvFacts.Read("ServiceMessages.csv")) set.encodings.TryAdd(name, id);
        return set;
    }

    /// <summary>The path from the outermost named parent, as the published list of node ids has it.</summary>
    public string SymbolicPath(CoreNode node) =>
        node.Parent is { } parent && nodes.TryGetValue(parent, out var above)
            ? $"{SymbolicPath(above)}_{node.Name}"
            : node.Name;

    /// <summary>The nodes from this one outwards.</summary>
    public IEnumerable<CoreNode> Outwards(CoreNode node)
    {
        for (var current = node; current is not null; current = Parent(current)) yield return current;
    }

    /// <summary>Where the specification describes a data type.</summary>
    public string Clause(string dataType)
    {
        var node = nodes.Values.FirstOrDefault(n => n.NodeClass == "DataType" && n.Name == dataType);
        var match = ClauseAddress().Match(node?.Documentation ?? "");
        return match.Success
            ? $"OPC 10000-{match.Groups["part"]} §{match.Groups["clause"]}"
            : "OPC 10000-4";
    }

    private CoreNode? Parent(CoreNode node) => node.Parent is { } id ? nodes.GetValueOrDefault(id) : null;

    private void AddEncoding(XElement element, Dictionary<string, XElement> elements)
    {
        if (element.Attribute("BrowseName")!.Value != "Default Binary") return;
        var described = element.Element(Ua + "References")!.Elements(Ua + "Reference").FirstOrDefault(static r =>
            r.Attribute("ReferenceType")!.Value is "HasEncoding" or "i=38"
            && r.Attribute("IsForward")?.Value == "false");
        if (described is null) return;
        encodings.Add(elements[described.Value].Attribute("BrowseName")!.Value, Id(element.Attribute("NodeId")!.Value));
    }

    private static uint Id(string nodeId) => nodeId.StartsWith("i=", StringComparison.Ordinal)
        ? uint.Parse(nodeId.AsSpan(2))
        : throw new InvalidDataException($"'{nodeId}' is not a numeric id of namespace 0.");

    [GeneratedRegex(@"/Part(?<part>\d+)/(?<clause>[\d.]*\d)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex ClauseAddress();
}
