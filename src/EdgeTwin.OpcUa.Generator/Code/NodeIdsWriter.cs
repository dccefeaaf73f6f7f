namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>Writes <c>NodeIds</c>: the numeric ids of namespace 0 that code refers to by name.</summary>
internal static class NodeIdsWriter
{
    public static string Write(CoreNodeSet set, GeneratedTypes types)
    {
        var ids = new SortedDictionary<uint, string>();
        foreach (var node in set.Nodes)
            if (IsNamed(set, node)) ids.Add(node.Id, set.SymbolicPath(node));
        foreach (var structure in types.Structures)
            if (!types.IsAbstract(structure.Name))
                ids.Add(set.Encodings[structure.Name], $"{structure.Name}_Encoding_DefaultBinary");

        var text = new CodeText();
        text.Line();
        text.Summary("Ids of nodes in namespace 0 (OPC 10000-6 annex A): types, roots, the Server object.");
        text.Open("public static class NodeIds");
        foreach (var (id, name) in ids)
        {
            text.Summary($"{name}, i={id}.");
            text.Line($"public const uint {name} = {id};");
        }

        text.Close();
        return text.ToString();
    }

    // Members of types are left out, but for the methods of conditions: clients call them by the type's method id.
    private static bool IsNamed(CoreNodeSet set, CoreNode node)
    {
        if (node.NodeClass.EndsWith("Type", StringComparison.Ordinal)) return true;
        if (node.Name is "DefaultBinary" or "DefaultXml" or "DefaultJson") return false;
        var outwards = set.Outwards(node).ToArray();
        var root = outwards[^1];
        if (!root.NodeClass.EndsWith("Type", StringComparison.Ordinal)) return true;
        return outwards[^2].NodeClass == "Method"
            && (root.Name.Contains("Condition", StringComparison.Ordinal)
                || root.Name.Contains("Alarm", StringComparison.Ordinal)
                || root.Name.Contains("Dialog", StringComparison.Ordinal));
    }
}
