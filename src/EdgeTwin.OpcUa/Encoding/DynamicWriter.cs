using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Writes structures by their definitions; see <see cref="DynamicReader"/>.</summary>
internal static class DynamicWriter
{
    /// <summary>True when the field holds a structure of just its type, which needs no extension object.</summary>
    public static bool IsNested(
        TypeDictionary types, DynamicStructure structure, StructureField field, BuiltInType type) =>
        type == BuiltInType.ExtensionObject
        && !structure.AllowsSubtypes(field)
        && types.Structure(field.DataType) is not null
        && field.DataType != NodeIds.Structure;

    /// <summary>The built-in type that a field is encoded as.</summary>
    /// <exception cref="OpcUaException">BadDataTypeIdUnknown.</exception>
    public static BuiltInType Type(TypeDictionary types, DynamicStructure structure, StructureField field)
    {
        var type = types.BuiltIn(field.DataType);
        if (type == BuiltInType.Null)
        {
            throw new OpcUaException(StatusCodes.BadDataTypeIdUnknown,
                $"the data type {field.DataType} of the field {field.Name} is unknown");
        }

        return structure.AllowsSubtypes(field) && type != BuiltInType.ExtensionObject ? BuiltInType.Variant : type;
    }

    /// <summary>True when a field may hold a value.</summary>
    public static bool Fits(TypeDictionary types, DynamicStructure structure, StructureField field, in Variant value)
    {
        var type = Type(types, structure, field);
        if (type == BuiltInType.Variant && field.ValueRank == -1) return true;
        if (value.IsNull) return field.ValueRank == -1;
        if (value.Type != type) return false;
        if (IsNested(types, structure, field, type) && !AreStructures(value)) return false;
        return field.ValueRank switch
        {
            -1 => value.IsScalar,
            1 => value.IsArray,
            _ => value.Matrix?.Dimensions.Length == field.ValueRank,
        };
    }

    public static void Write(UaWriter writer, TypeDictionary types, DynamicStructure structure)
    {
        var fields = structure.Definition.Fields;
        if (structure.IsUnion)
        {
            var selected = structure.SelectedIndex;
            writer.WriteUInt32((uint)(selected + 1)); // 0 is a union of nothing
            if (selected >= 0) WriteField(writer, types, structure, selected);
            return;
        }

        if (structure.Definition.StructureType == StructureType.StructureWithOptionalFields)
            writer.WriteUInt32(OptionalFields(structure));
        for (var i = 0; i < fields.Length; i++)
            if (structure.IsPresent(i)) WriteField(writer, types, structure, i);
    }

    private static uint OptionalFields(DynamicStructure structure)
    {
        var (mask, bit) = (0u, 1u);
        for (var i = 0; i < structure.Definition.Fields.Length; i++)
        {
            if (!structure.IsOptional(i)) continue;
            if (structure.IsPresent(i)) mask |= bit;
            bit <<= 1;
        }

        return mask;
    }

    private static void WriteField(UaWriter writer, TypeDictionary types, DynamicStructure structure, int index)
    {
        var field = structure.Definition.Fields[index];
        var value = structure.Value(index);
        var type = Type(types, structure, field);
        var isNested = IsNested(types, structure, field, type);
        if (field.ValueRank != -1)
        {
            WriteElements(writer, field, value, isNested);
            return;
        }

        if (isNested) WriteNested(writer, Body(value) ?? new DynamicStructure(types, field.DataType));
        else if (type == BuiltInType.Variant) writer.WriteVariant(value);
        else if (IsAbsent(value)) WriteDefault(writer, type);
        else VariantWriter.WriteBody(writer, value);
    }

    private static void WriteElements(UaWriter writer, StructureField field, in Variant value, bool isNested)
    {
        if (field.ValueRank == 1)
        {
            if (value.Elements is null) writer.WriteInt32(-1);
            else if (!isNested) VariantWriter.WriteElements(writer, value.Elements);
            else WriteNestedElements(writer, value.Elements, isCounted: true);
            return;
        }

        var dimensions = value.Matrix?.Dimensions ?? new int[Math.Max(0, field.ValueRank)];
        writer.WriteInt32Array(dimensions);
        if (value.Elements is not { Length: > 0 } elements) return;
        if (isNested) WriteNestedElements(writer, elements, isCounted: false);
        else WriteUncounted(writer, elements);
    }

    private static void WriteNestedElements(UaWriter writer, Array elements, bool isCounted)
    {
        if (isCounted) writer.WriteInt32(elements.Length);
        foreach (var element in (ExtensionObject?[])elements)
        {
            if (element?.Body is not IStructure structure)
                throw new ArgumentException("an element of an array of structures is none", nameof(elements));
            WriteNested(writer, structure);
        }
    }

    // The elements of a matrix follow its dimensions without a count (OPC 10000-6 §5.2.5).
    private static void WriteUncounted(UaWriter writer, Array elements)
    {
        using var buffer = MessageBuffer.Rent(int.MaxValue);
        VariantWriter.WriteElements(new UaWriter(buffer), elements);
        writer.WriteRaw(buffer.Written[sizeof(int)..]);
    }

    private static void WriteNested(UaWriter writer, IStructure structure) => structure.Encode(ref writer);

    private static bool IsAbsent(in Variant value) =>
        value.IsNull || (VariantWriter.FixedSize(value.Type) == 0 && value.Reference is null);

    private static IStructure? Body(in Variant value) => value.Get<ExtensionObject>()?.Body as IStructure;

    private static bool AreStructures(in Variant value) => value.Elements is ExtensionObject?[] elements
        ? Array.TrueForAll(elements, static e => e?.Body is IStructure)
        : Body(value) is not null;

    // Zero, null or empty.
    private static void WriteDefault(UaWriter writer, BuiltInType type)
    {
        switch (type)
        {
            case BuiltInType.String or BuiltInType.ByteString or BuiltInType.XmlElement:
                writer.WriteInt32(-1);
                break;
            case BuiltInType.Guid:
                writer.WriteGuid(Guid.Empty);
                break;
            case BuiltInType.NodeId or BuiltInType.ExpandedNodeId:
                writer.WriteNodeId(NodeId.Null);
                break;
            case BuiltInType.QualifiedName:
                writer.WriteQualifiedName(default);
                break;
            case BuiltInType.ExtensionObject:
                writer.WriteExtensionObject(null);
                break;
            case BuiltInType.LocalizedText or BuiltInType.DataValue or BuiltInType.DiagnosticInfo:
                writer.WriteByte(0);
                break;
            default:
                var size = VariantWriter.FixedSize(type);
                if (size == 0)
                    throw new OpcUaException(StatusCodes.BadDataTypeIdUnknown, "a field's data type is unknown");
                for (var i = 0; i < size; i++) writer.WriteByte(0);
                break;
        }
    }
}
