using System.Globalization;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Makes instances of types after their instance declarations (OPC 10000-3 §6.4). Methods are not copied: an
/// instance refers to the type's.</summary>
internal sealed class Instantiator(AddressSpace space, string[] optional)
{
    /// <summary>Deepest children: a type that has itself as a mandatory child would never end.</summary>
    private const int MostLevels = 20;

    public Node Make(TypeNode type, NodeId parent, NodeId referenceType, NodeId id, QualifiedName browseName)
    {
        Node node = type switch
        {
            ObjectTypeNode => new ObjectNode(id, browseName),
            VariableTypeNode variable => Variable(variable, id, browseName),
            _ => throw new ArgumentException($"{type} has no instances", nameof(type)),
        };
        space.Add(node, parent, referenceType, type.Id);
        AddChildren(node, null, type, "");
        return node;
    }

    private static VariableNode Variable(VariableTypeNode type, NodeId id, QualifiedName name)
    {
        var node = new VariableNode(id, name)
        {
            DataType = type.DataType,
            ValueRank = type.ValueRank < 0 ? -1 : type.ValueRank,
            ArrayDimensions = type.ArrayDimensions,
        };
        if (!type.Value.IsNull)
        {
            node.Set(new DataValue(type.Value));
        }

        return node;
    }

    private static VariableNode Copy(VariableNode declaration, NodeId id)
    {
        var node = new VariableNode(id, declaration.BrowseName)
        {
            DataType = declaration.DataType,
            ValueRank = declaration.ValueRank,
            ArrayDimensions = declaration.ArrayDimensions,
            AccessLevel = declaration.AccessLevel,
            MinimumSamplingInterval = declaration.MinimumSamplingInterval,
        };
        if (declaration.Get() is { Value.IsNull: false } value)
        {
            node.Set(value);
        }

        return node;
    }

    // What the declaration itself says comes first, then its type, then the supertypes: the first of a name counts.
    private void AddChildren(Node node, Node? declaration, TypeNode? type, string path)
    {
        if (path.AsSpan().Count('/') > MostLevels)
        {
            throw new ArgumentException($"the children of {node} are nested deeper than {MostLevels}", nameof(node));
        }

        var made = new HashSet<QualifiedName>();
        if (declaration is not null)
        {
            AddChildrenOf(node, declaration, path, made);
        }

        for (; type is not null; type = type.SuperType)
        {
            AddChildrenOf(node, type, path, made);
        }
    }

    private void AddChildrenOf(Node node, Node declaring, string path, HashSet<QualifiedName> made)
    {
        foreach (var reference in declaring.References)
        {
            var child = reference.Target;
            if (reference.IsInverse || child is TypeNode || !reference.Type.IsOrRefines(NodeIds.Aggregates))
            {
                continue;
            }

            var childPath = path.Length == 0 ? child.BrowseName.Name! : $"{path}/{child.BrowseName.Name}";
            if (IsWanted(child, childPath) && made.Add(child.BrowseName))
            {
                AddChild(node, reference.Type.Id, child, childPath);
            }
        }
    }

    private void AddChild(Node parent, NodeId referenceType, Node declaration, string path)
    {
        if (declaration is MethodNode)
        {
            space.AddReference(parent.Id, referenceType, declaration.Id);
            return;
        }

        var id = ChildId(parent.Id, declaration.BrowseName.Name!);
        Node child = declaration switch
        {
            VariableNode variable => Copy(variable, id),
            ObjectNode o => new ObjectNode(id, o.BrowseName) { EventNotifier = o.EventNotifier },
            _ => throw new ArgumentException($"{declaration} cannot be instantiated", nameof(declaration)),
        };
        child.DisplayName = declaration.DisplayName;
        var type = declaration.TypeDefinition as TypeNode;
        space.Add(child, parent.Id, referenceType, type?.Id ?? default);
        AddChildren(child, declaration, type, path);
    }

    private bool IsWanted(Node child, string path)
    {
        foreach (var reference in child.References)
        {
            if (reference.Is(NodeIds.HasModellingRule))
            {
                return reference.Target.Id == NodeIds.ModellingRule_Mandatory
                    || (reference.Target.Id == NodeIds.ModellingRule_Optional && IsChosen(path));
            }
        }

        return false;
    }

    // "A/B" asks for A as well.
    private bool IsChosen(string path)
    {
        foreach (var chosen in optional)
        {
            if (chosen.StartsWith(path, StringComparison.Ordinal)
                && (chosen.Length == path.Length || chosen[path.Length] == '/'))
            {
                return true;
            }
        }

        return false;
    }

    private static NodeId ChildId(NodeId parent, string name)
    {
        var stem = parent.IdType switch
        {
            IdType.String => parent.Text!,
            IdType.Numeric => parent.Number.ToString(CultureInfo.InvariantCulture),
            IdType.Guid => parent.Guid.ToString(),
            _ => Convert.ToBase64String(parent.Opaque!),
        };
        return new NodeId(parent.NamespaceIndex, $"{stem}/{name}");
    }
}
