namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>All generated files of <c>EdgeTwin.OpcUa/Schema</c>.</summary>
internal static class SchemaFiles
{
    public static IReadOnlyDictionary<string, string> Generate(string nodeSetPath)
    {
        var set = CoreNodeSet.Load(nodeSetPath);
        var types = new GeneratedTypes(set);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["StatusCodes.g.cs"] = StatusCodesWriter.Write(),
            ["NodeIds.g.cs"] = NodeIdsWriter.Write(set, types),
            ["Enumerations.g.cs"] = EnumerationsWriter.Write(set, types),
            ["StructureTable.g.cs"] = StructureTableWriter.Write(set, types),
        };
        foreach (var group in types.Structures.GroupBy(static s => s.Name[0]))
        {
            var text = new CodeText("EdgeTwin.OpcUa.Encoding", "EdgeTwin.OpcUa.Types");
            var writer = new StructureWriter(set, types, text);
            foreach (var structure in group) writer.Write(structure);
            files.Add($"Structures.{group.Key}.g.cs", text.ToString());
        }

        return files;
    }
}
