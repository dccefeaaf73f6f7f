using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A type of objects, variables, references or data.</summary>
public abstract class TypeNode : Node
{
    private protected TypeNode(NodeId id, QualifiedName browseName)
        : base(id, browseName)
    {
    }

    /// <summary>True when there are no instances of the type itself.</summary>
    public bool IsAbstract { get; set; }

    /// <summary>The type that this one refines; null at the top. Kept by the space with the HasSubtype
    /// references.</summary>
    public TypeNode? SuperType { get; internal set; }

    /// <summary>True when this is <paramref name="type"/> or one of its subtypes.</summary>
    public bool IsOrRefines(TypeNode type)
    {
        for (var node = this; node is not null; node = node.SuperType)
        {
            if (ReferenceEquals(node, type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when this is the type with that id or one of its subtypes.</summary>
    public bool IsOrRefines(NodeId type)
    {
        for (var node = this; node is not null; node = node.SuperType)
        {
            if (node.Id == type)
            {
                return true;
            }
        }

        return false;
    }
}
