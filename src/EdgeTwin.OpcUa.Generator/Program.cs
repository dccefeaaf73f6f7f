using EdgeTwin.OpcUa.Generator.Code;
using EdgeTwin.OpcUa.Generator.NodeSets;

switch (args)
{
    case ["code", var nodeSet, var folder]:
        foreach (var (name, text) in SchemaFiles.Generate(nodeSet)) File.WriteAllText(Path.Combine(folder, name), text);
        return 0;

    // Each file may build on those before it.
    case ["nodesets", var folder, .. { Length: > 0 } files]:
        var compiler = new NodeSetCompiler();
        Directory.CreateDirectory(folder);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file).Replace(".NodeSet2.xml", "", StringComparison.OrdinalIgnoreCase);
            File.WriteAllBytes(Path.Combine(folder, $"{name}.uanodes"), compiler.Compile(file));
        }

        return 0;

    default:
        Console.Error.WriteLine("""
            usage: code <Opc.Ua.NodeSet2.xml> <folder for *.g.cs>
                   nodesets <folder for *.uanodes> <NodeSet2 file>...
            """);
        return 2;
}
