using System.Xml.Linq;

namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>
/// The OPC binary schema of namespace 0: every structure there is, service messages included. The core nodeset carries
/// it as the value of the variable i=7617.
/// </summary>
internal sealed class BinarySchema
{
    private static readonly XNamespace Opc = "http://opcfoundation.org/BinarySchema/";

    private readonly Dictionary<string, SchemaStructure> structures = [];
    private readonly Dictionary<string, SchemaEnumeration> enumerations = [];

    public IReadOnlyDictionary<string, SchemaStructure> Structures => structures;

    public IReadOnlyDictionary<string, SchemaEnumeration> Enumerations => enumerations;

    public static BinarySchema Parse(byte[] xml)
    {
        using var stream = new MemoryStream(xml);
        var root = XDocument.Load(stream).Root!;
        var schema = new BinarySchema();
        foreach (var element in root.Elements(Opc + "StructuredType")) schema.AddStructure(element);
        foreach (var element in root.Elements(Opc + "EnumeratedType")) schema.AddEnumeration(element);
        return schema;
    }

    private void AddStructure(XElement element)
    {
        var fields = element.Elements(Opc + "Field").ToArray();
        var lengths = fields.Select(static f => f.Attribute("LengthField")?.Value).OfType<string>().ToHashSet();
        var name = element.Attribute("Name")!.Value;
        structures.Add(name, new(
            name,
            element.Attribute("BaseType")?.Value is { } type && type != "ua:ExtensionObject" ? Local(type) : null,
            [.. fields
                .Where(f => !lengths.Contains(f.Attribute("Name")!.Value))
                .Select(static f => new SchemaField(
                    f.Attribute("Name")!.Value,
                    Local(f.Attribute("TypeName")!.Value),
                    f.Attribute("LengthField") is not null))]));
    }

    private void AddEnumeration(XElement element)
    {
        var name = element.Attribute("Name")!.Value;
        enumerations.Add(name, new(
            name,
            int.Parse(element.Attribute("LengthInBits")!.Value),
            element.Attribute("IsOptionSet")?.Value == "true",
            [.. element.Elements(Opc + "EnumeratedValue")
                .Select(static v => (v.Attribute("Name")!.Value, v.Attribute("Value")!.Value))]));
    }

    private static string Local(string name) => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
