using EdgeTwin.OpcUa.Generator.Code;

switch (args)
{
    case ["code", var nodeSet, var folder]:
        foreach (var (name, text) in SchemaFiles.Generate(nodeSet)) File.WriteAllText(Path.Combine(folder, name), text);
        return 0;
    default:
        Console.Error.WriteLine("usage: code <Opc.Ua.NodeSet2.xml> <folder of *.g.cs>");
        return 2;
}
