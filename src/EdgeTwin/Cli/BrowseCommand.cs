using System.CommandLine;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin browse</c>: what is on an OPC UA server, as a tree or as tags to paste.</summary>
internal static class BrowseCommand
{
    public static Command Build()
    {
        var server = new OpcUaOptions();
        var from = new Option<string>("--from")
        {
            Description = "Where to begin: a node (nsu=…;s=…) or names (browse:Plant/Pump).",
            DefaultValueFactory = _ => "i=85",
            HelpName = "node",
        };
        var filter = new Option<string?>("--filter")
        {
            Description = "Only what has this in its name or path.",
            HelpName = "text",
        };
        var depth = new Option<int>("--depth")
        {
            Description = "Levels below the start.",
            DefaultValueFactory = _ => 5,
        };
        var shape = new Option<string>("--as")
        {
            Description = "tree, or yaml: the variables as tags for a configuration.",
            DefaultValueFactory = _ => "tree",
        };
        shape.AcceptOnlyFromAmong("tree", "yaml");
        var source = new Option<string>("--source")
        {
            Description = "With --as yaml: name of the source that the tags belong to.",
            DefaultValueFactory = _ => "plc",
        };
        var everything = new Option<bool>("--all")
        { Description = "Also the server's own objects, types and properties." };
        depth.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= 100)) result.AddError("--depth: give 1 to 100");
        });
        var command = new Command(
            "browse",
            """
            Show what is on an OPC UA server.

            Examples:
              edgetwin browse opc.tcp://192.0.2.10:4840
              edgetwin browse opc.tcp://192.0.2.10:4840 --from browse:Plant/Pump --filter flow
              edgetwin browse opc.tcp://192.0.2.10:4840 --as yaml >> edgetwin.yaml
            """)
        { from, filter, depth, shape, source, everything };
        server.AddTo(command);
        command.SetAction((parsed, cancellation) => server.Read(parsed).RunAsync(async client =>
        {
            var start = await OpcUaNode.FindAsync(client, parsed.GetValue(from)!, cancellation);
            var all = parsed.GetValue(everything);
            var tree = await NodeTree.ReadAsync(client, start, parsed.GetValue(depth), all, cancellation);
            tree.Keep(parsed.GetValue(filter));
            if (parsed.GetValue(CommandLine.Json)) tree.WriteJson();
            else if (parsed.GetValue(shape) == "yaml") await OpcUaTagYaml.WriteAsync(
                client, tree, parsed.GetValue(source)!, Console.Out, cancellation);
            else await tree.WriteAsync(Console.Out, cancellation);
            if (tree.IsCut) await Console.Error.WriteLineAsync("There is more; begin deeper with --from.");
            return tree.Count == 0 ? ExitCodes.Wrong : ExitCodes.Ok;
        }, cancellation));
        return command;
    }
}
