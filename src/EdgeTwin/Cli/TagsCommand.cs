using System.CommandLine;
using EdgeTwin.Configuration;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin tags import|export</c>: tag lists as engineers hand them around.</summary>
internal static class TagsCommand
{
    public static Command Build() => new("tags", "Exchange tag lists as CSV.") { BuildImport(), BuildExport() };

    private static Command BuildExport()
    {
        var config = ConfigOption.Create();
        var output = new Option<string?>("--output", "-o")
        {
            Description =
            "File to write; standard output when absent.",
            HelpName = "file"
        };
        var command = new Command(
            "export",
            """
            Write the tags of a configuration as CSV.

            Example:
              edgetwin tags export --config edgetwin.yaml --output tags.csv
            """)
        { config, output };
        command.SetAction(parsed =>
        {
            var tags = ConfigOption.LoadOrFail(parsed.GetValue(config)!).Config!.Tags;
            if (parsed.GetValue(output) is not { } path)
            {
                TagCsv.Export(tags, Console.Out);
                return ExitCodes.Ok;
            }

            using var file = new StreamWriter(path);
            TagCsv.Export(tags, file);
            if (parsed.GetValue(CommandLine.Json)) Output.Line(new { tags = tags.Count, file = path });
            else Console.WriteLine($"{path}: {tags.Count} tags");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command BuildImport()
    {
        var list = new Argument<string>("file") { Description = "CSV file; its first row names the columns." };
        var command = new Command(
            "import",
            """
            Check a CSV tag list and print it as a block for the configuration. A configuration can also name the file
            under tagFiles. Exit code 1 when the list has errors.

            Example:
              edgetwin tags import tags.csv >> edgetwin.yaml
            """)
        { list };
        command.SetAction(parsed =>
        {
            var import = TagCsv.Import(parsed.GetValue(list)!);
            foreach (var error in import.Errors) Console.Error.WriteLine(error);
            if (import.Errors.Count > 0) return ExitCodes.Wrong;
            if (parsed.GetValue(CommandLine.Json)) Output.Line(new { tags = import.Tags });
            else TagYaml.Write(import.Tags, Console.Out);
            return ExitCodes.Ok;
        });
        return command;
    }
}
