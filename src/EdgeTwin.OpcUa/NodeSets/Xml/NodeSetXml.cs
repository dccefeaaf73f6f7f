using System.Xml;
using System.Xml.Linq;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>Reads NodeSet2 files (OPC 10000-6 annex F).</summary>
public static class NodeSetXml
{
    private const string Namespace0 = "http://opcfoundation.org/UA/";

    /// <summary>Reads a nodeset.</summary>
    /// <exception cref="InvalidDataException">The file is no nodeset, is beyond the limits, has a DTD, names a node
    /// twice or
    /// refers to one that is not there; the message says what and at which line.</exception>
    public static NodeSet Read(Stream stream, NodeSetXmlOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        var root = Load(stream, options);
        var context = new NodeSetContext(options.Name);
        if (root.Name != NodeSetContext.Ua + "UANodeSet") throw context.Error(root, "the root is not UANodeSet");
        var uris = AddNamespaces(root, context, options);
        foreach (var alias in Children(root, "Aliases", "Alias"))
        {
            if (!NodeId.TryParse(alias.Value.Trim(), out var id))
                throw context.Error(alias, $"'{alias.Value}' is no node id");
            context.AddAlias(context.Required(alias, "Alias").Value,
                id.WithNamespace(context.Namespace(alias, id.NamespaceIndex)));
        }

        var elements = NodeElements(root, context);
        var types = new NodeSetTypes(context, options.Required);
        types.Add(elements);
        var reader = new NodeElementReader(context, types);
        var nodes = elements.Select(e => reader.Read(e.Key, e.Value)).ToArray();
        CheckReferences(elements, nodes, context, options);
        return new NodeSet
        {
            Models = [.. Children(root, "Models", "Model").Select(m => Model(m, context))],
            RequiredModels =
            [
                .. Children(root, "Models", "Model")
                    .SelectMany(static m => m.Elements(NodeSetContext.Ua + "RequiredModel"))
                    .Select(m => Model(m, context)),
            ],
            NamespaceUris = uris,
            Nodes = nodes,
        };
    }

    private static XElement Load(Stream stream, NodeSetXmlOptions options)
    {
        using var copy = new MemoryStream();
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = options.MaxCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            Copy(stream, copy, options);
            using (var reader = XmlReader.Create(copy, settings)) CheckSize(reader, options);
            copy.Position = 0;
            using (var reader = XmlReader.Create(copy, settings))
                return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"{options.Name}:{e.LineNumber}:{e.LinePosition}: {e.Message}", e);
        }
    }

    // A character is at least a byte in the encodings of XML.
    private static void Copy(Stream stream, MemoryStream copy, NodeSetXmlOptions options)
    {
        var part = new byte[81_920];
        for (int count; (count = stream.Read(part)) > 0;)
        {
            if (copy.Length + count > options.MaxCharacters * 4)
                throw new InvalidDataException($"{options.Name}: longer than {options.MaxCharacters * 4} bytes");
            copy.Write(part, 0, count);
        }

        copy.Position = 0;
    }

    // Before anything is built: an element takes a hundred times the memory of its four bytes.
    private static void CheckSize(XmlReader reader, NodeSetXmlOptions options)
    {
        var count = 0;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.Depth >= options.MaxDepth) throw TooMuch($"the nesting is deeper than {options.MaxDepth}");
            count += 1 + reader.AttributeCount;
            if (count > options.MaxElements) throw TooMuch($"more than {options.MaxElements} elements and attributes");
        }

        InvalidDataException TooMuch(string what)
        {
            var line = (IXmlLineInfo)reader;
            return new InvalidDataException($"{options.Name}:{line.LineNumber}:{line.LinePosition}: {what}");
        }
    }

    private static List<string> AddNamespaces(XElement root, NodeSetContext context, NodeSetXmlOptions options)
    {
        var uris = new List<string> { Namespace0 };
        foreach (var uri in Children(root, "NamespaceUris", "Uri"))
        {
            if (string.IsNullOrWhiteSpace(uri.Value)) throw context.Error(uri, "a namespace has no name");
            uris.Add(uri.Value);
            context.AddNamespace(uri.Value == Namespace0 ? (ushort)0 : options.NamespaceIndex(uri.Value));
        }

        return uris;
    }

    private static Dictionary<NodeId, XElement> NodeElements(XElement root, NodeSetContext context)
    {
        var elements = new Dictionary<NodeId, XElement>();
        foreach (var element in root.Elements())
        {
            if (element.Attribute("NodeId") is not { } attribute) continue;
            var id = context.NodeId(attribute, attribute.Value);
            if (!elements.TryAdd(id, element))
                throw context.Error(attribute, $"the node {attribute.Value} is there twice");
        }

        return elements;
    }

    // Only into namespaces whose nodes are known here.
    private static void CheckReferences(
        Dictionary<NodeId, XElement> elements, NodeRecord[] nodes, NodeSetContext context, NodeSetXmlOptions options)
    {
        var others = options.Required.SelectMany(static s => s.Nodes).Select(static n => n.NodeId).ToHashSet();
        var known = others.Concat(elements.Keys).Select(static n => n.NamespaceIndex).ToHashSet();
        foreach (var node in nodes)
        {
            foreach (var reference in node.References)
            {
                if (IsDangling(reference.TargetId))
                {
                    throw context.Error(elements[node.NodeId],
                        $"{node} refers to {reference.TargetId}, which is not there");
                }

                if (IsDangling(reference.ReferenceTypeId))
                {
                    throw context.Error(elements[node.NodeId],
                        $"{node} has a reference of type {reference.ReferenceTypeId}, which is not there");
                }
            }
        }

        bool IsDangling(NodeId id) =>
            known.Contains(id.NamespaceIndex) && !elements.ContainsKey(id) && !others.Contains(id);
    }

    private static NodeSetModel Model(XElement element, NodeSetContext context) => new(
        context.Required(element, "ModelUri").Value,
        element.Attribute("Version")?.Value,
        element.Attribute("PublicationDate") is { } date ? NodeSetValues.Time(context, date, date.Value) : default);

    private static IEnumerable<XElement> Children(XElement root, string group, string child) =>
        root.Elements(NodeSetContext.Ua + group).Elements(NodeSetContext.Ua + child);
}
