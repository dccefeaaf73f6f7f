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
    /// twice or refers to one that is not there; the message says what and at which line.</exception>
    public static NodeSet Read(Stream stream, NodeSetXmlOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        var root = GuardedXml.Load(
            stream, options.Name, options.MaxCharacters, options.MaxElements, options.MaxDepth);
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
