using System.Globalization;
using System.Xml.Linq;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>
/// Turns a value in OPC UA XML (OPC 10000-6 §5.3) into a Variant in OPC UA Binary, and notes where namespace indexes
/// stand.
/// Structures are encoded by their definitions.
/// </summary>
internal sealed class NodeSetValues(NodeSetContext context, NodeSetTypes types) : IDisposable
{
    private const int LongestValueBytes = 64 * 1024 * 1024;

    private readonly MessageBuffer buffer = MessageBuffer.Rent(LongestValueBytes);
    private readonly List<int> namespaces = [];

    private UaWriter Writer => new(buffer);

    public (byte[] Value, int[] Namespaces) Encode(XElement value)
    {
        WriteVariant(value);
        return (buffer.Written.ToArray(), [.. namespaces]);
    }

    public void Dispose() => buffer.Dispose();

    /// <summary>xs:dateTime; without a zone it is UTC.</summary>
    public static DateTime Time(NodeSetContext context, XObject at, string text) => DateTime.TryParse(text,
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : throw context.Error(at, $"'{text}' is no time");

    private void WriteVariant(XElement value)
    {
        var name = value.Name.LocalName;
        if (name == "Matrix")
        {
            WriteMatrix(value);
        }
        else if (name.StartsWith("ListOf", StringComparison.Ordinal))
        {
            var type = TypeOf(value, name["ListOf".Length..]);
            Writer.WriteByte((byte)((byte)type | 0x80));
            WriteArray(type, [.. value.Elements()]);
        }
        else
        {
            var type = TypeOf(value, name);
            Writer.WriteByte((byte)type);
            Write(type, value);
        }
    }

    private void WriteMatrix(XElement matrix)
    {
        var dimensions = matrix.Elements().FirstOrDefault(static e => e.Name.LocalName == "Dimensions")?.Elements()
            .Select(d => context.Number<int>(d, d.Value)).ToArray() ?? [];
        XElement[] elements =
            [.. matrix.Elements().FirstOrDefault(static e => e.Name.LocalName == "Elements")?.Elements() ?? []];
        if (elements.Length == 0 || Matrix.Count(dimensions) != elements.Length)
            throw context.Error(matrix, $"{elements.Length} elements do not fill [{string.Join(',', dimensions)}]");
        var type = TypeOf(elements[0], elements[0].Name.LocalName);
        Writer.WriteByte((byte)((byte)type | 0xC0));
        WriteArray(type, elements);
        Writer.WriteInt32Array(dimensions);
    }

    private void WriteArray(BuiltInType type, XElement[] elements)
    {
        Writer.WriteInt32(elements.Length);
        foreach (var element in elements) Write(type, element);
    }

    private BuiltInType TypeOf(XElement at, string name) =>
        Enum.TryParse<BuiltInType>(name, out var type) && type != BuiltInType.Null
            ? type
            : throw context.Error(at, $"'{name}' is no built-in type");

    private void Write(BuiltInType type, XElement? element)
    {
        switch (type)
        {
            case BuiltInType.NodeId or BuiltInType.ExpandedNodeId:
                var id = Child(element, "Identifier");
                WriteNodeId(id is { Value.Length: > 0 } ? context.NodeId(id, id.Value) : default);
                break;
            case BuiltInType.QualifiedName:
                WriteQualifiedName(element);
                break;
            case BuiltInType.LocalizedText:
                Writer.WriteLocalizedText(new LocalizedText(Text(element, "Locale"), Text(element, "Text")));
                break;
            case BuiltInType.ExtensionObject:
                WriteExtensionObject(element);
                break;
            case BuiltInType.Variant when Child(element, "Value")?.Elements().FirstOrDefault() is { } value:
                WriteVariant(value);
                break;
            case BuiltInType.Variant or BuiltInType.DiagnosticInfo:
                Writer.WriteByte(0);
                break;
            case BuiltInType.DataValue:
                WriteDataValue(element);
                break;
            default:
                WriteSimple(type, element);
                break;
        }
    }

    private void WriteSimple(BuiltInType type, XElement? element)
    {
        if (ValueText.TryWrite(Writer, type, element, context)) return;
        throw context.Error(element!, $"values of {type} are not read");
    }

    // In the long form, whose namespace index has two bytes, so that it can be changed in place.
    private void WriteNodeId(NodeId id)
    {
        if (id.NamespaceIndex == 0)
        {
            Writer.WriteNodeId(id);
            return;
        }

        Writer.WriteByte((byte)(id.IdType == IdType.Numeric ? 2 : (int)id.IdType + 2));
        WriteNamespace(id.NamespaceIndex);
        switch (id.IdType)
        {
            case IdType.Numeric:
                Writer.WriteUInt32(id.Number);
                break;
            case IdType.String:
                Writer.WriteString(id.Text);
                break;
            case IdType.Guid:
                Writer.WriteGuid(id.Guid);
                break;
            default:
                Writer.WriteByteString(id.Opaque);
                break;
        }
    }

    private void WriteQualifiedName(XElement? element)
    {
        var index = Child(element, "NamespaceIndex");
        var local = index is null ? (ushort)0 : context.Number<ushort>(index, index.Value);
        WriteNamespace(element is null ? (ushort)0 : context.Namespace(element, local));
        Writer.WriteString(Text(element, "Name"));
    }

    private void WriteNamespace(ushort index)
    {
        if (index != 0) namespaces.Add(buffer.Length);
        Writer.WriteUInt16(index);
    }

    private void WriteDataValue(XElement? element)
    {
        var value = Child(element, "Value")?.Elements().FirstOrDefault();
        var status = Child(element, "StatusCode");
        Writer.WriteByte((byte)((value is null ? 0 : 1) | (status is null ? 0 : 2)));
        if (value is not null) WriteVariant(value);
        if (status is not null) Write(BuiltInType.StatusCode, status);
    }

    private void WriteExtensionObject(XElement? element)
    {
        var body = Child(element, "Body")?.Elements().FirstOrDefault();
        var id = Child(Child(element, "TypeId"), "Identifier");
        if (body is null || id is null)
        {
            WriteNodeId(id is null ? default : context.NodeId(id, id.Value));
            Writer.WriteByte(0);
            return;
        }

        var typeId = context.NodeId(id, id.Value);
        if (!types.Dictionary.TryGetDataType(typeId, out var dataType))
            throw context.Error(id, $"the structure {id.Value} is neither in this nodeset nor in one it requires");
        var encodingId = types.BinaryEncoding(dataType);
        if (encodingId.IsNull) throw context.Error(id, $"the structure {id.Value} has no binary encoding");
        WriteNodeId(encodingId);
        Writer.WriteByte(1);
        var length = Writer.ReserveInt32();
        WriteStructure(dataType, body, body);
        Writer.PatchInt32(length, buffer.Length - length - sizeof(int));
    }

    private void WriteStructure(NodeId dataType, XElement? element, XObject at)
    {
        var definition = types.Dictionary.Structure(dataType)
            ?? throw context.Error(at, $"the structure {dataType} has no definition");
        var subtyped = definition.StructureType is
            StructureType.StructureWithSubtypedValues or StructureType.UnionWithSubtypedValues;
        if (definition.StructureType is StructureType.Union or StructureType.UnionWithSubtypedValues)
        {
            var selected = Array.FindIndex(definition.Fields, f => Child(element, f.Name!) is not null);
            Writer.WriteUInt32((uint)(selected + 1));
            if (selected >= 0) WriteField(definition.Fields[selected], element, subtyped, at);
            return;
        }

        if (definition.StructureType == StructureType.StructureWithOptionalFields)
        {
            var optional = definition.Fields.Where(static f => f.IsOptional).ToArray();
            var mask = 0u;
            for (var i = 0; i < optional.Length; i++)
                if (Child(element, optional[i].Name!) is not null) mask |= 1u << i;
            Writer.WriteUInt32(mask);
        }

        foreach (var field in definition.Fields)
        {
            var isAbsent = definition.StructureType == StructureType.StructureWithOptionalFields
                && field.IsOptional && Child(element, field.Name!) is null;
            if (!isAbsent) WriteField(field, element, subtyped, at);
        }
    }

    private void WriteField(StructureField field, XElement? structure, bool subtyped, XObject at)
    {
        // The Foundation's own values hold a repeated element (EnumValueType, Value); the last one counts.
        var element = structure?.Elements().LastOrDefault(e => e.Name.LocalName == field.Name);
        var type = types.Dictionary.BuiltIn(field.DataType);
        if (type == BuiltInType.Null)
            throw context.Error(at, $"the data type {field.DataType} of {field.Name} is unknown");
        if (subtyped && field.IsOptional && type != BuiltInType.ExtensionObject) type = BuiltInType.Variant;
        var isNested = type == BuiltInType.ExtensionObject && field.DataType != NodeIds.Structure
            && !(subtyped && field.IsOptional);
        if (field.ValueRank is -1)
        {
            WriteElement(element);
            return;
        }

        if (field.ValueRank > 1) throw context.Error(at, $"the field {field.Name} is a matrix, which is not read");
        XElement[] elements = [.. element?.Elements() ?? []];
        Writer.WriteInt32(element is null ? -1 : elements.Length);
        foreach (var item in elements) WriteElement(item);

        void WriteElement(XElement? item)
        {
            if (isNested) WriteStructure(field.DataType, item, item ?? at);
            else Write(type, item);
        }
    }

    private static XElement? Child(XElement? element, string name) =>
        element?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static string? Text(XElement? element, string name) =>
        Child(element, name)?.Value is { Length: > 0 } text ? text : null;
}
