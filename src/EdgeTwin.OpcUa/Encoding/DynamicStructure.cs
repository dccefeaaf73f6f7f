using System.Text;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>
/// A structure whose type is known by its definition only: the structures of a server that it describes itself
/// (OPC 10000-3 §8.49). A nested structure is an extension object with its body in the field.
/// </summary>
public sealed class DynamicStructure : IStructure
{
    private readonly Variant[] values;
    private readonly bool[] present;
    private readonly TypeDictionary types;

    /// <summary>A structure with the default in every field, without its optional fields; a union of nothing.</summary>
    /// <param name="types">Where its definition and those of its fields are.</param>
    /// <param name="dataType">The data type.</param>
    /// <exception cref="ArgumentException">The type is no structure, or not known.</exception>
    public DynamicStructure(TypeDictionary types, NodeId dataType)
    {
        ArgumentNullException.ThrowIfNull(types);
        this.types = types;
        DataType = dataType;
        Definition = types.Structure(dataType)
            ?? throw new ArgumentException($"{dataType} is no structure that is known", nameof(dataType));
        values = new Variant[Definition.Fields.Length];
        present = new bool[Definition.Fields.Length];
        for (var i = 0; i < present.Length; i++) present[i] = !IsUnion && !IsOptional(i);
    }

    /// <summary>The data type.</summary>
    public NodeId DataType { get; }

    /// <summary>Its definition.</summary>
    public StructureDefinition Definition { get; }

    /// <inheritdoc/>
    public uint BinaryEncodingId => Definition.DefaultEncodingId is { NamespaceIndex: 0, IdType: IdType.Numeric } id
        ? id.Number
        : 0;

    /// <summary>The field of a union that is there; null when none is, and for structures that are no unions.</summary>
    public string? Selected => IsUnion && SelectedIndex >= 0 ? Definition.Fields[SelectedIndex].Name : null;

    internal int SelectedIndex => Array.IndexOf(present, true);

    internal bool IsUnion => Definition.StructureType is StructureType.Union or StructureType.UnionWithSubtypedValues;

    /// <summary>The value of a field; the null value when it is absent or was not set. A union has one field.</summary>
    /// <exception cref="ArgumentException">There is no such field, or it is not of the value's type.</exception>
    public Variant this[string field]
    {
        get => values[IndexOf(field)];
        set
        {
            var index = IndexOf(field);
            if (!DynamicWriter.Fits(types, this, Definition.Fields[index], value))
                throw new ArgumentException($"the field {field} takes no {value.Type} of this shape", nameof(value));
            if (IsUnion) Array.Clear(present);
            Set(index, value);
        }
    }

    /// <summary>True when the structure has a field of this name.</summary>
    public bool HasField(string field) => Array.Exists(Definition.Fields, f => f.Name == field);

    /// <summary>True when the field is there: always, but for optional fields and those of unions.</summary>
    /// <exception cref="ArgumentException">There is no such field.</exception>
    public bool IsPresent(string field) => present[IndexOf(field)];

    /// <summary>Takes an optional field away.</summary>
    /// <exception cref="ArgumentException">There is no such field, or it is not optional.</exception>
    public void Remove(string field)
    {
        var index = IndexOf(field);
        if (!IsUnion && !IsOptional(index))
            throw new ArgumentException($"the field {field} is not optional", nameof(field));
        present[index] = false;
        values[index] = default;
    }

    /// <summary>This structure as a value.</summary>
    public ExtensionObject ToExtensionObject() => new(Definition.DefaultEncodingId, this);

    /// <inheritdoc/>
    public void Encode(ref UaWriter writer) => DynamicWriter.Write(writer, types, this);

    /// <summary>The fields that are there: <c>{A=1, B=x}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        for (var i = 0; i < values.Length; i++)
        {
            if (!present[i]) continue;
            if (text.Length > 1) text.Append(", ");
            text.Append(Definition.Fields[i].Name).Append('=').Append(values[i].ToString());
        }

        return text.Append('}').ToString();
    }

    internal bool IsOptional(int index) =>
        Definition.StructureType == StructureType.StructureWithOptionalFields && Definition.Fields[index].IsOptional;

    /// <summary>True when a field of this type holds an extension object, so that subtypes may stand there.</summary>
    internal bool AllowsSubtypes(StructureField field) => field.IsOptional && Definition.StructureType is
        StructureType.StructureWithSubtypedValues or StructureType.UnionWithSubtypedValues;

    internal bool IsPresent(int index) => present[index];

    internal Variant Value(int index) => values[index];

    internal void Set(int index, in Variant value)
    {
        values[index] = value;
        present[index] = true;
    }

    private int IndexOf(string field)
    {
        var index = Array.FindIndex(Definition.Fields, f => f.Name == field);
        return index >= 0 ? index : throw new ArgumentException($"{DataType} has no field {field}", nameof(field));
    }
}
