using System.Globalization;
using System.Xml.Linq;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>
/// Reads the type dictionaries of servers before version 1.04: OPC binary schemas (OPC 10000-5 annex D), the value of a
/// variable of DataTypeDictionaryType. What such a schema says beyond structures, unions and enumerations is left out.
/// </summary>
public static class BinarySchemaReader
{
    private const long LongestSchema = 16_000_000;
    private const int MostElements = 500_000;
    private const int DeepestNesting = 16;
    private const int MaskBits = 32;

    private static readonly XNamespace Opc = "http://opcfoundation.org/BinarySchema/";

    /// <summary>Reads the types of a schema.</summary>
    /// <param name="schema">The value of the dictionary.</param>
    /// <param name="dataTypeOf">The id of a data type, by URI of the namespace and name; null when it has none.</param>
    /// <returns>The definitions by name; a type that cannot be defined is not among them.</returns>
    /// <exception cref="OpcUaException">BadDecodingError: no binary schema, or beyond the limits.</exception>
    public static IReadOnlyDictionary<string, DataTypeDefinition> Read(
        byte[] schema, Func<string, string, NodeId> dataTypeOf)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(dataTypeOf);
        var root = Load(schema);
        var definitions = new Dictionary<string, DataTypeDefinition>();
        foreach (var element in root.Elements())
        {
            if (element.Attribute("Name")?.Value is not { Length: > 0 } name) continue;
            DataTypeDefinition? definition =
                element.Name == Opc + "StructuredType" ? Structure(element, dataTypeOf)
                : element.Name == Opc + "EnumeratedType" ? Enumeration(element)
                : null;
            if (definition is not null) definitions[name] = definition;
        }

        return definitions;
    }

    private static XElement Load(byte[] schema)
    {
        try
        {
            // Some servers close the text with a zero.
            var length = Array.FindLastIndex(schema, static b => b != 0) + 1;
            using var stream = new MemoryStream(schema, 0, length);
            var root = GuardedXml.Load(stream, "type dictionary", LongestSchema, MostElements, DeepestNesting);
            if (root.Name == Opc + "TypeDictionary") return root;
            throw new OpcUaException(StatusCodes.BadDecodingError, $"a type dictionary has the root {root.Name}");
        }
        catch (InvalidDataException e)
        {
            throw new OpcUaException(StatusCodes.BadDecodingError, e.Message, e);
        }
    }

    private static EnumDefinition? Enumeration(XElement element)
    {
        var fields = new List<EnumField>();
        foreach (var value in element.Elements(Opc + "EnumeratedValue"))
        {
            var text = value.Attribute("Value")?.Value;
            if (!long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)) return null;
            var name = value.Attribute("Name")?.Value;
            fields.Add(new EnumField { Name = name, DisplayName = name, Value = number });
        }

        return new EnumDefinition { Fields = [.. fields] };
    }

    private static StructureDefinition? Structure(XElement element, Func<string, string, NodeId> dataTypeOf)
    {
        var all = element.Elements(Opc + "Field").ToList();
        var lengths = all.Select(static f => f.Attribute("LengthField")?.Value).OfType<string>().ToHashSet();
        var isUnion = all.Count > 1 && all.Skip(1).All(static f => f.Attribute("SwitchValue") is not null);
        var bits = all.TakeWhile(IsBit).ToList();
        if (bits.Sum(Length) is not (0 or MaskBits)) return null;
        var switches = all.Select(static f => f.Attribute("SwitchField")?.Value).OfType<string>().ToArray();
        var masks = bits.Select(static b => b.Attribute("Name")?.Value).Take(switches.Length);
        if (!isUnion && !masks.SequenceEqual(switches)) return null;
        var fields = new List<StructureField>();
        foreach (var field in all.Skip(isUnion ? 1 : bits.Count))
        {
            if (lengths.Contains(field.Attribute("Name")?.Value ?? "")) continue;
            if (Field(field, dataTypeOf, isUnion) is not { } read) return null;
            fields.Add(read);
        }

        return new StructureDefinition
        {
            BaseDataType = isUnion ? NodeIds.Union : NodeIds.Structure,
            StructureType = isUnion ? StructureType.Union
                : fields.Exists(static f => f.IsOptional) ? StructureType.StructureWithOptionalFields
                : StructureType.Structure,
            Fields = [.. fields],
        };
    }

    // What a definition cannot say: comparisons with a switch, lengths in bytes, ends by a terminator, bits.
    private static StructureField? Field(XElement field, Func<string, string, NodeId> dataTypeOf, bool isUnion)
    {
        if (IsBit(field)
            || field.Attribute("SwitchOperand") is not null
            || field.Attribute("Terminator") is not null
            || field.Attribute("IsLengthInBytes")?.Value == "true"
            || field.Attribute("Length") is not null) return null;
        if (field.Attribute("TypeName")?.Value is not { } type) return null;
        var dataType = DataType(field, type, dataTypeOf);
        if (dataType.IsNull) return null;
        return new StructureField
        {
            Name = field.Attribute("Name")?.Value,
            DataType = dataType,
            ValueRank = field.Attribute("LengthField") is null ? -1 : 1,
            IsOptional = !isUnion && field.Attribute("SwitchField") is not null,
        };
    }

    private static bool IsBit(XElement field) => Local(field.Attribute("TypeName")?.Value ?? "") == "Bit";

    private static int Length(XElement field) =>
        int.TryParse(field.Attribute("Length")?.Value ?? "1", out var bits) && bits is > 0 and <= MaskBits
            ? bits
            : -MaskBits;

    private static NodeId DataType(XElement at, string type, Func<string, string, NodeId> dataTypeOf)
    {
        var local = Local(type);
        var prefix = type.Length > local.Length ? type[..^(local.Length + 1)] : "";
        var uri = prefix.Length == 0 ? "" : at.GetNamespaceOfPrefix(prefix)?.NamespaceName ?? "";
        if (uri == Opc.NamespaceName && local is "CharArray" or "WideString") return NodeIds.String;
        var isOfSpecification = uri == Opc.NamespaceName || uri == "http://opcfoundation.org/UA/";
        if (isOfSpecification && local == "ExtensionObject") return NodeIds.Structure;
        if (isOfSpecification && local == "Variant") return NodeIds.BaseDataType;
        return isOfSpecification && Enum.TryParse<BuiltInType>(local, out var builtIn)
            ? new NodeId(0, (uint)builtIn)
            : dataTypeOf(uri, local);
    }

    private static string Local(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
