using System.Collections.Concurrent;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>What is known about the data types of a server or a nodeset: supertypes, definitions, encodings. Safe for
/// several threads.</summary>
/// <param name="basis">Types that are known beside those that are added; null when there are none.</param>
public sealed class TypeDictionary(TypeDictionary? basis = null)
{
    private const int DeepestHierarchy = 100;
    private const uint FirstStructure = NodeIds.Structure;

    private readonly ConcurrentDictionary<NodeId, NodeId> supertypes = new();
    private readonly ConcurrentDictionary<NodeId, StructureDefinition> structures = new();
    private readonly ConcurrentDictionary<NodeId, NodeId> dataTypes = new();

    /// <summary>Adds a data type, or replaces what was known about it.</summary>
    /// <param name="dataType">The id of the data type.</param>
    /// <param name="supertype">The type that it is derived from; null when that is not known.</param>
    /// <param name="definition">Its fields, inherited ones first; null for simple types.</param>
    public void Add(NodeId dataType, NodeId supertype, DataTypeDefinition? definition)
    {
        if (!supertype.IsNull) supertypes[dataType] = supertype;
        if (definition is not StructureDefinition structure) return;
        structures[dataType] = structure;
        if (supertype.IsNull && !structure.BaseDataType.IsNull) supertypes[dataType] = structure.BaseDataType;
        if (!structure.DefaultEncodingId.IsNull) dataTypes[structure.DefaultEncodingId] = dataType;
    }

    /// <summary>Adds the id of an encoding of a data type.</summary>
    public void AddEncoding(NodeId encodingId, NodeId dataType) => dataTypes[encodingId] = dataType;

    /// <summary>The data type that an encoding id stands for; the id itself when it is the one of a known
    /// structure.</summary>
    public bool TryGetDataType(NodeId encodingId, out NodeId dataType)
    {
        if (dataTypes.TryGetValue(encodingId, out dataType)) return true;
        if (basis is not null && basis.TryGetDataType(encodingId, out dataType)) return true;
        dataType = encodingId;
        return structures.ContainsKey(encodingId);
    }

    /// <summary>The definition of a structure; null when the type is none or not known.</summary>
    public StructureDefinition? Structure(NodeId dataType) =>
        structures.GetValueOrDefault(dataType) ?? basis?.Structure(dataType);

    /// <summary>The supertype of a data type; null when it is not known.</summary>
    public NodeId Supertype(NodeId dataType) =>
        supertypes.TryGetValue(dataType, out var supertype) ? supertype : basis?.Supertype(dataType) ?? NodeId.Null;

    /// <summary>
    /// The built-in type that values of a data type are encoded as: Int32 for enumerations, Variant for the abstract
    /// numbers, ExtensionObject for structures, Null when the type is not known (OPC 10000-6 §5.1.2).
    /// </summary>
    public BuiltInType BuiltIn(NodeId dataType)
    {
        var current = dataType;
        for (var depth = 0; depth < DeepestHierarchy && !current.IsNull; depth++)
        {
            if (current is { NamespaceIndex: 0, IdType: IdType.Numeric } && current.Number <= NodeIds.Enumeration)
                return BuiltInOf(current.Number);
            var supertype = Supertype(current);
            if (supertype.IsNull)
                return Structure(current) is not null ? BuiltInType.ExtensionObject : BuiltInType.Null;
            current = supertype;
        }

        return BuiltInType.Null;
    }

    /// <summary>The structure in an extension object whose body was kept as bytes; the object itself when its type is
    /// not known or the bytes do not fit the definition.</summary>
    /// <exception cref="OpcUaException">BadEncodingLimitsExceeded: too deep, or too many structures.</exception>
    public ExtensionObject? Resolve(ExtensionObject? value, EncodingLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new DynamicReader(this, limits).Resolve(value, 0);
    }

    private static BuiltInType BuiltInOf(uint number) => number switch
    {
        0 => BuiltInType.Null,
        <= FirstStructure or NodeIds.DataValue or NodeIds.DiagnosticInfo => (BuiltInType)number,
        NodeIds.BaseDataType => BuiltInType.Variant,
        NodeIds.Enumeration => BuiltInType.Int32,
        _ => BuiltInType.Variant, // Number, Integer, UInteger
    };
}
