using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>
/// Reads structures by their definitions (OPC 10000-6 §5.2.6, with optional fields §5.2.7, unions §5.2.8). The
/// definitions are a peer's too: nesting has a depth, and the number of structures an end, even where they take no
/// bytes.
/// </summary>
internal sealed class DynamicReader(TypeDictionary types, EncodingLimits limits)
{
    private int structuresLeft = limits.MaxArrayLength;

    /// <summary>The object with its structure, as far as it is known.</summary>
    public ExtensionObject? Resolve(ExtensionObject? value, int depth)
    {
        if (value is not { Body: byte[] body } || !types.TryGetDataType(value.TypeId, out var dataType)) return value;
        if (types.Structure(dataType) is null) return value;
        try
        {
            var reader = new UaReader(body, limits);
            var structure = Read(ref reader, dataType, depth);
            return reader.Remaining == 0 ? new ExtensionObject(value.TypeId, structure) : value;
        }
        catch (OpcUaException e)
            when (e.Status.Value is StatusCodes.BadDecodingError or StatusCodes.BadDataTypeIdUnknown)
        {
            return value; // What does not fit a known definition is kept as it came.
        }
    }

    /// <summary>Reads the fields of a structure.</summary>
    /// <exception cref="OpcUaException">The bytes are no such structure, or a limit is passed.</exception>
    public DynamicStructure Read(ref UaReader reader, NodeId dataType, int depth)
    {
        if (depth >= limits.MaxDepth) throw TooMuch($"structures are nested deeper than {limits.MaxDepth}");
        if (--structuresLeft < 0) throw TooMuch($"more than {limits.MaxArrayLength} structures");
        var structure = new DynamicStructure(types, dataType);
        var fields = structure.Definition.Fields;
        if (structure.IsUnion)
        {
            var selected = reader.ReadUInt32();
            if (selected > fields.Length) throw reader.Error($"a union of {fields.Length} fields has field {selected}");
            if (selected > 0) ReadField(ref reader, structure, (int)selected - 1, depth);
            return structure;
        }

        var hasMask = structure.Definition.StructureType == StructureType.StructureWithOptionalFields;
        var mask = hasMask ? reader.ReadUInt32() : 0;
        for (var i = 0; i < fields.Length; i++)
        {
            if (structure.IsOptional(i))
            {
                var isAbsent = (mask & 1) == 0;
                mask >>= 1;
                if (isAbsent) continue;
            }

            ReadField(ref reader, structure, i, depth);
        }

        return mask == 0
            ? structure
            : throw reader.Error("a structure has optional fields that its definition has not");
    }

    private void ReadField(ref UaReader reader, DynamicStructure structure, int index, int depth)
    {
        var field = structure.Definition.Fields[index];
        var type = DynamicWriter.Type(types, structure, field);
        var isNested = DynamicWriter.IsNested(types, structure, field, type);
        structure.Set(index, field.ValueRank switch
        {
            -1 => isNested ? Nested(Read(ref reader, field.DataType, depth + 1)) : ReadScalar(ref reader, type, depth),
            1 => Variant.Of(ReadElements(ref reader, field, type, isNested, depth)),
            > 1 => ReadMatrix(ref reader, field, type, isNested, depth),
            _ => throw reader.Error($"the field {field.Name} has value rank {field.ValueRank}"),
        });
    }

    private Variant ReadScalar(ref UaReader reader, BuiltInType type, int depth) => type switch
    {
        BuiltInType.Variant => reader.ReadVariant(),
        BuiltInType.ExtensionObject => Resolve(reader.ReadExtensionObject(), depth + 1),
        _ => VariantReader.ReadScalar(ref reader, type),
    };

    private Array ReadElements(ref UaReader reader, StructureField field, BuiltInType type, bool isNested, int depth)
    {
        if (isNested) return ReadNested(ref reader, field, Math.Max(0, reader.ReadArrayLength(1)), depth);
        var elements = VariantReader.ReadElements(ref reader, type);
        if (elements is ExtensionObject?[] objects)
            for (var i = 0; i < objects.Length; i++) objects[i] = Resolve(objects[i], depth + 1);
        return elements;
    }

    // The dimensions, then the elements without a count (OPC 10000-6 §5.2.5).
    private Variant ReadMatrix(ref UaReader reader, StructureField field, BuiltInType type, bool isNested, int depth)
    {
        var dimensions = reader.ReadInt32Array();
        var count = Matrix.Count(dimensions);
        if (dimensions.Length != field.ValueRank || count < 0 || count > reader.Remaining)
            throw reader.Error($"the matrix {field.Name} has dimensions [{string.Join(',', dimensions)}]");
        if (count > limits.MaxArrayLength) throw TooMuch($"the matrix {field.Name} has {count} elements");
        if (isNested) return Variant.Of(new Matrix(ReadNested(ref reader, field, (int)count, depth), dimensions));

        var elements = Array.CreateInstance(BuiltInTypes.ElementType(type), (int)count);
        for (var i = 0; i < elements.Length; i++)
        {
            var element = ReadScalar(ref reader, type, depth);
            elements.SetValue(type == BuiltInType.Variant ? element : element.ToObject(), i);
        }

        return Variant.Of(new Matrix(elements, dimensions));
    }

    private ExtensionObject?[] ReadNested(ref UaReader reader, StructureField field, int count, int depth)
    {
        var structures = new ExtensionObject?[count];
        for (var i = 0; i < count; i++)
            structures[i] = Read(ref reader, field.DataType, depth + 1).ToExtensionObject();
        return structures;
    }

    private static Variant Nested(DynamicStructure structure) => structure.ToExtensionObject();

    private static OpcUaException TooMuch(string what) => new(StatusCodes.BadEncodingLimitsExceeded, what);
}
