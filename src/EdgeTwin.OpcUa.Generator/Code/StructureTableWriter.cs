namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>Writes <c>StructureTable</c>: the decoder for a binary encoding id.</summary>
internal static class StructureTableWriter
{
    public static string Write(CoreNodeSet set, GeneratedTypes types)
    {
        var text = new CodeText("EdgeTwin.OpcUa.Encoding", "EdgeTwin.OpcUa.Types");
        text.Line();
        text.Summary("Which structure a binary encoding id of namespace 0 stands for.");
        text.Open("internal static class StructureTable");
        text.Summary("Decodes a structure; null when the id is not one of these, and then nothing is read.");
        text.Open("public static IStructure? Decode(uint encodingId, ref UaReader reader) => encodingId switch");
        var concrete = types.Structures.Where(s => !types.IsAbstract(s.Name));
        foreach (var structure in concrete.OrderBy(s => set.Encodings[s.Name]))
            text.Line($"{set.Encodings[structure.Name]} => {structure.Name}.Decode(ref reader),");
        text.Line("_ => null,");
        text.Close(";");
        text.Close();
        return text.ToString();
    }
}
