using System.Xml.Linq;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets.Xml;

/// <summary>Reads the Definition of a data type (OPC 10000-6 annex F.12).</summary>
internal sealed class DefinitionReader(NodeSetContext context, TypeDictionary types)
{
    /// <param name="element">The file holds only the type's own fields; null when it adds none.</param>
    /// <param name="encodingId">The binary encoding of the type.</param>
    /// <param name="supertype">The type whose fields come first (OPC 10000-3 §8.49).</param>
    public StructureDefinition Structure(XElement? element, NodeId encodingId, NodeId supertype)
    {
        var inherited = types.Structure(supertype);
        var own = Fields(element).ToArray();
        var hasSubtypes = own.Any(f => context.Flag(f.Attribute("AllowSubTypes")))
            || inherited?.StructureType is
                StructureType.StructureWithSubtypedValues or StructureType.UnionWithSubtypedValues;
        var hasOptional = own.Any(f => context.Flag(f.Attribute("IsOptional")))
            || inherited?.StructureType == StructureType.StructureWithOptionalFields;
        var isUnion = context.Flag(element?.Attribute("IsUnion")) || supertype == NodeIds.Union;
        return new StructureDefinition
        {
            DefaultEncodingId = encodingId,
            BaseDataType = supertype,
            StructureType = (isUnion, hasOptional, hasSubtypes) switch
            {
                (true, _, true) => StructureType.UnionWithSubtypedValues,
                (true, _, false) => StructureType.Union,
                (false, true, _) => StructureType.StructureWithOptionalFields,
                (false, false, true) => StructureType.StructureWithSubtypedValues,
                _ => StructureType.Structure,
            },
            Fields = [.. inherited?.Fields ?? [], .. own.Select(Field)],
        };
    }

    public EnumDefinition Enumeration(XElement element) => new()
    {
        Fields =
        [
            .. Fields(element).Select(f =>
            {
                var name = context.Required(f, "Name").Value;
                var display = NodeSetContext.Text(f, "DisplayName");
                return new EnumField
                {
                    Name = name,
                    Value = context.Number(f.Attribute("Value"), -1L),
                    DisplayName = display.Text is null ? new LocalizedText(name) : display,
                    Description = NodeSetContext.Text(f, "Description"),
                };
            }),
        ],
    };

    private static IEnumerable<XElement> Fields(XElement? element) =>
        element?.Elements(NodeSetContext.Ua + "Field") ?? [];

    // A field that allows subtypes is told by the same flag as an optional one (OPC 10000-3 §8.51).
    private StructureField Field(XElement field) => new()
    {
        Name = context.Required(field, "Name").Value,
        Description = NodeSetContext.Text(field, "Description"),
        DataType = context.NodeId(field.Attribute("DataType"), NodeIds.BaseDataType),
        ValueRank = context.Number(field.Attribute("ValueRank"), -1),
        ArrayDimensions = context.Dimensions(field.Attribute("ArrayDimensions")),
        MaxStringLength = context.Number(field.Attribute("MaxStringLength"), 0u),
        IsOptional = context.Flag(field.Attribute("IsOptional")) || context.Flag(field.Attribute("AllowSubTypes")),
    };
}
