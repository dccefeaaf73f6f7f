namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>Writes one structure: its fields, Encode and Decode.</summary>
internal sealed class StructureWriter(CoreNodeSet set, GeneratedTypes types, CodeText text)
{
    public void Write(SchemaStructure structure)
    {
        var name = structure.Name;
        var isAbstract = types.IsAbstract(name);
        var parent = types.Base(structure);
        text.Line();
        text.Summary($"{name}, {set.Clause(name)}.");
        text.Open($"public {Modifier(structure)}class {name} : {string.Join(", ", Bases(structure))}");
        WriteFields(structure, parent);
        text.Line();
        WriteEncodingId(structure, parent);
        text.Line();
        WriteEncode(structure, parent);
        if (!isAbstract)
        {
            text.Line();
            WriteDecode(structure, parent);
        }

        text.Close();
    }

    private string Modifier(SchemaStructure structure) =>
        types.IsAbstract(structure.Name) ? "abstract " : types.IsBase(structure.Name) ? "" : "sealed ";

    private IEnumerable<string> Bases(SchemaStructure structure)
    {
        if (types.Base(structure) is { } parent) yield return parent.Name;
        yield return types.IsAbstract(structure.Name) ? "IStructure" : $"IStructure<{structure.Name}>";
        if (GeneratedTypes.IsRequest(structure)) yield return "IServiceRequest";
        if (GeneratedTypes.IsResponse(structure)) yield return "IServiceResponse";
    }

    private void WriteFields(SchemaStructure structure, SchemaStructure? parent)
    {
        if (types.IsFieldType(structure.Name))
        {
            text.Summary("What stands for an absent one; shared, for its fields are fixed.");
            text.Line($"internal static readonly {structure.Name} Default = new();");
            text.Line();
        }

        foreach (var field in structure.Fields)
        {
            if (parent?.Fields.Any(f => f.Name == field.Name) == true) continue;
            text.Summary($"{field.Name}.");
            text.Line($"public {CSharp(field)} {field.Name} {{ get; init; }}{Default(field)}");
        }
    }

    private void WriteEncodingId(SchemaStructure structure, SchemaStructure? parent)
    {
        text.Line("/// <inheritdoc/>");
        if (types.IsAbstract(structure.Name))
        {
            text.Line("public abstract uint BinaryEncodingId { get; }");
            return;
        }

        text.Line($"public {Override(structure, parent)}uint BinaryEncodingId => EncodingId;");
        text.Line();
        text.Summary("The id of the binary encoding in namespace 0.");
        var hides = parent is not null && !types.IsAbstract(parent.Name) ? "new " : "";
        text.Line($"public {hides}const uint EncodingId = {set.Encodings[structure.Name]};");
    }

    private void WriteEncode(SchemaStructure structure, SchemaStructure? parent)
    {
        text.Line("/// <inheritdoc/>");
        if (types.IsAbstract(structure.Name))
        {
            text.Line("public abstract void Encode(ref UaWriter writer);");
            return;
        }

        text.Open($"public {Override(structure, parent)}void Encode(ref UaWriter writer)");
        foreach (var field in structure.Fields) text.Line(Write(field));
        text.Close();
    }

    private void WriteDecode(SchemaStructure structure, SchemaStructure? parent)
    {
        var hides = parent is not null && !types.IsAbstract(parent.Name) ? "new " : "";
        text.Line("/// <inheritdoc/>");
        if (structure.Fields.Count == 0)
        {
            text.Line($"public static {hides}{structure.Name} Decode(ref UaReader reader) => new();");
            return;
        }

        // An initializer runs in the order of its lines, which is the order on the wire.
        text.Open($"public static {hides}{structure.Name} Decode(ref UaReader reader) => new()");
        foreach (var field in structure.Fields) text.Line($"{field.Name} = {Read(field)},");
        text.Close(";");
    }

    private string Override(SchemaStructure structure, SchemaStructure? parent) =>
        parent is not null ? "override " : types.IsBase(structure.Name) ? "virtual " : "";

    private static string CSharp(SchemaField field)
    {
        var element = BuiltIns.Contains(field.Type) ? BuiltIns.CSharp(field.Type) : field.Type;
        return field.IsArray ? $"{element}[]" : element;
    }

    private string Default(SchemaField field) =>
        field.IsArray ? " = [];" : types.IsStructure(field.Type) ? $" = {field.Type}.Default;" : "";

    private string Write(SchemaField field)
    {
        var (name, suffix) = (field.Name, field.IsArray ? "Array" : "");
        if (BuiltIns.Contains(field.Type)) return $"writer.Write{BuiltIns.Method(field.Type)}{suffix}({name});";
        if (types.Enumeration(field.Type) is not { } enumeration)
            return field.IsArray ? $"writer.WriteStructureArray({name});" : $"{name}.Encode(ref writer);";
        if (field.IsArray) return $"writer.WriteEnumArray({name});";
        var (method, cast) = Primitive(enumeration);
        return $"writer.Write{method}(({cast}){name});";
    }

    private string Read(SchemaField field)
    {
        var (type, suffix) = (field.Type, field.IsArray ? "Array" : "");
        if (BuiltIns.Contains(type)) return $"reader.Read{BuiltIns.Method(type)}{suffix}()";
        if (types.Enumeration(type) is not { } enumeration)
            return field.IsArray ? $"reader.ReadStructureArray<{type}>()" : $"{type}.Decode(ref reader)";
        if (field.IsArray) return $"reader.ReadEnumArray<{type}>()";
        return $"({type})reader.Read{Primitive(enumeration).Method}()";
    }

    private static (string Method, string Cast) Primitive(SchemaEnumeration type) => type.Underlying switch
    {
        "byte" => ("Byte", "byte"),
        "ushort" => ("UInt16", "ushort"),
        "uint" => ("UInt32", "uint"),
        _ => ("Int32", "int"),
    };
}
