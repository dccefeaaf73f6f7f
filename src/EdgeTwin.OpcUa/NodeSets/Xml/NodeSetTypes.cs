using System.Xml.Linq;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>The data types of a nodeset in the making and of those it requires.</summary>
internal sealed class NodeSetTypes
{
    private const int DeepestHierarchy = 100;
    private const string DefaultBinary = "Default Binary";

    private readonly NodeSetContext context;
    private readonly TypeDictionary dictionary = new();
    private readonly Dictionary<NodeId, NodeId> binaryEncodings = [];
    private readonly Dictionary<NodeId, DataTypeDefinition> definitions = [];

    public NodeSetTypes(NodeSetContext context, IReadOnlyList<NodeSet> required)
    {
        this.context = context;
        foreach (var set in required)
        {
            dictionary.Add(set);
            foreach (var node in set.Nodes)
                if (node.BrowseName.Name == DefaultBinary) AddBinaryEncoding(node);
        }
    }

    public TypeDictionary Dictionary => dictionary;

    /// <summary>The definition of a data type of this nodeset; null when it has none.</summary>
    public DataTypeDefinition? Definition(NodeId dataType) => definitions.GetValueOrDefault(dataType);

    /// <summary>The id of a data type's binary encoding; null when it has none.</summary>
    public NodeId BinaryEncoding(NodeId dataType) => binaryEncodings.GetValueOrDefault(dataType);

    /// <summary>Adds the data types among the elements of this nodeset, supertypes before their subtypes.</summary>
    public void Add(Dictionary<NodeId, XElement> elements)
    {
        foreach (var (id, element) in elements)
            if (element.Name.LocalName == "UAObject") AddEncoding(id, element);
        var types = elements.Where(static e => e.Value.Name.LocalName == "UADataType").ToDictionary();
        var supertypes = types.ToDictionary(static t => t.Key, t => Supertype(t.Value));
        foreach (var (type, supertype) in supertypes) dictionary.Add(type, supertype, null);
        foreach (var type in types.Keys) Define(type, types, supertypes, 0);
    }

    private void AddBinaryEncoding(NodeRecord node)
    {
        foreach (var reference in node.References)
        {
            if (!reference.IsForward && reference.ReferenceTypeId == NodeIds.HasEncoding)
                binaryEncodings[reference.TargetId] = node.NodeId;
        }
    }

    private void AddEncoding(NodeId id, XElement element)
    {
        foreach (var reference in element.Elements(NodeSetContext.Ua + "References").Elements())
        {
            if (context.Flag(reference.Attribute("IsForward"), absent: true)) continue;
            if (context.NodeId(reference.Attribute("ReferenceType"), NodeId.Null) == NodeIds.HasEncoding)
                AddEncoding(id, context.NodeId(reference, reference.Value), element.Attribute("BrowseName")?.Value);
        }
    }

    private void AddEncoding(NodeId encoding, NodeId dataType, string? name)
    {
        dictionary.AddEncoding(encoding, dataType);
        if (name == DefaultBinary) binaryEncodings[dataType] = encoding;
    }

    private NodeId Supertype(XElement element)
    {
        foreach (var reference in element.Elements(NodeSetContext.Ua + "References").Elements())
        {
            if (!context.Flag(reference.Attribute("IsForward"), absent: true)
                && context.NodeId(reference.Attribute("ReferenceType"), NodeId.Null) == NodeIds.HasSubtype)
                return context.NodeId(reference, reference.Value);
        }

        return NodeId.Null;
    }

    private void Define(
        NodeId type, Dictionary<NodeId, XElement> types, Dictionary<NodeId, NodeId> supertypes, int depth)
    {
        if (definitions.ContainsKey(type)) return;
        if (depth > DeepestHierarchy) throw context.Error(types[type], $"the supertypes of {type} have no end");
        var supertype = supertypes[type];
        if (types.ContainsKey(supertype)) Define(supertype, types, supertypes, depth + 1);
        var definition = types[type].Element(NodeSetContext.Ua + "Definition");
        var isStructure = dictionary.BuiltIn(type) == BuiltInType.ExtensionObject;
        if (definition is null && !isStructure) return;
        var reader = new DefinitionReader(context, dictionary);
        DataTypeDefinition read = isStructure
            ? reader.Structure(definition, BinaryEncoding(type), supertype)
            : reader.Enumeration(definition!);
        definitions.Add(type, read);
        dictionary.Add(type, supertype, read);
    }
}
