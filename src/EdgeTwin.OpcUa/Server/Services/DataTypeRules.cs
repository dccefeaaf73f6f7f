using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Whether a value fits data type, rank and dimensions of a variable or argument (OPC 10000-3 §5.6.2,
/// §8).</summary>
internal sealed class DataTypeRules(AddressSpace space)
{
    /// <summary>Good when it fits, else BadTypeMismatch. A ByteString for an array of Byte, or the other way round, is
    /// turned into what is wanted (OPC 10000-4 §5.11.4.2).</summary>
    public StatusCode Check(NodeId dataType, int rank, uint[]? dimensions, ref Variant value)
    {
        // The usual: a scalar of a built-in type for exactly that type.
        if (rank == -1 && value.IsScalar && dataType.NamespaceIndex == 0 && dataType.Number == (uint)value.Type
            && value.Type is >= BuiltInType.Boolean and <= BuiltInType.ByteString)
        {
            return StatusCodes.Good;
        }

        if (value.IsNull)
        {
            return MayBeNull(dataType) ? StatusCodes.Good : StatusCodes.BadTypeMismatch;
        }

        if (dataType == NodeIds.Byte && rank is 1 or 0 && value is { IsScalar: true, Reference: byte[] bytes })
        {
            value = Variant.Of(bytes);
        }
        else if (dataType == NodeIds.ByteString && rank == -1 && value is { IsArray: true, Type: BuiltInType.Byte })
        {
            value = value.Get<byte[]>();
        }

        return FitsRank(rank, dimensions, value) && FitsType(dataType, value)
            ? StatusCodes.Good
            : StatusCodes.BadTypeMismatch;
    }

    /// <summary>The built-in type that values of a data type travel as; Null when several can be.</summary>
    public BuiltInType BuiltInOf(NodeId dataType)
    {
        for (var node = space.Find(dataType) as TypeNode; node is not null; node = node.SuperType)
        {
            if (node.Id is { NamespaceIndex: 0, IdType: IdType.Numeric } id)
            {
                switch (id.Number)
                {
                    case NodeIds.Structure:
                        return BuiltInType.ExtensionObject;
                    case NodeIds.Enumeration:
                        return BuiltInType.Int32;
                    case NodeIds.BaseDataType:
                        return BuiltInType.Null;
                    case <= (uint)BuiltInType.DiagnosticInfo:
                        return (BuiltInType)id.Number;
                }
            }
        }

        return BuiltInType.Null;
    }

    private static bool FitsRank(int rank, uint[]? dimensions, in Variant value)
    {
        var actual = value.IsScalar ? 0 : value.Matrix?.Dimensions.Length ?? 1;
        var fits = rank switch
        {
            -3 => actual <= 1, // scalar or one dimension
            -2 => true,
            -1 => actual == 0,
            0 => actual >= 1,
            _ => actual == rank,
        };
        return fits && FitsDimensions(dimensions, value);
    }

    private static bool FitsDimensions(uint[]? most, in Variant value)
    {
        if (most is null || value.IsScalar)
        {
            return true;
        }

        ReadOnlySpan<int> actual = value.Matrix is { } matrix ? matrix.Dimensions : [value.Elements!.Length];
        for (var i = 0; i < actual.Length && i < most.Length; i++)
        {
            if (most[i] != 0 && actual[i] > most[i])
            {
                return false;
            }
        }

        return true;
    }

    private bool FitsType(NodeId dataType, in Variant value)
    {
        if (dataType == NodeIds.BaseDataType)
        {
            return true;
        }

        if (value.Type == BuiltInType.ExtensionObject)
        {
            return FitsStructures(dataType, value);
        }

        if (value.Type == BuiltInType.Variant)
        {
            return FitsVariants(dataType, (Variant[])value.Elements!);
        }

        // Int32 for Integer or Number; an Int32 for any enumeration; a Double for Duration.
        return space.IsSubtypeOf((uint)value.Type, dataType) || BuiltInOf(dataType) == value.Type;
    }

    private bool FitsVariants(NodeId dataType, Variant[] elements)
    {
        foreach (var element in elements)
        {
            if (!element.IsNull && !FitsType(dataType, element))
            {
                return false;
            }
        }

        return true;
    }

    private bool FitsStructures(NodeId dataType, in Variant value)
    {
        if (value.IsScalar)
        {
            return FitsStructure(dataType, (ExtensionObject?)value.Reference);
        }

        foreach (var element in (ExtensionObject?[])value.Elements!)
        {
            if (!FitsStructure(dataType, element))
            {
                return false;
            }
        }

        return true;
    }

    private bool FitsStructure(NodeId dataType, ExtensionObject? structure)
    {
        if (structure is null || dataType == NodeIds.Structure)
        {
            return true;
        }

        if (space.Find(structure.TypeId) is not { } encoding)
        {
            return false;
        }

        foreach (var reference in encoding.References)
        {
            if (reference.IsInverse && reference.Type.Id == NodeIds.HasEncoding && reference.Target is TypeNode type)
            {
                return type.IsOrRefines(dataType);
            }
        }

        return false;
    }

    // Only types whose null is no value of their own (OPC 10000-3 §5.6.2, OPC 10000-6 §5.1.10).
    private bool MayBeNull(NodeId dataType) => dataType == NodeIds.BaseDataType || BuiltInOf(dataType)
        is BuiltInType.String or BuiltInType.ByteString or BuiltInType.XmlElement or BuiltInType.ExtensionObject;
}
