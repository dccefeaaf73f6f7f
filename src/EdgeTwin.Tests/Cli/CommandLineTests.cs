using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeTwin.Diagnostics;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Cli;

/// <summary>What a person at the keyboard and a script get: output, messages, exit codes.</summary>
[Collection(RealTime.Name)]
public sealed partial class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_version_is_printed_for_people_and_for_programs()
    {
        var text = await EdgetwinProcess.RunAsync("version");
        Assert.Equal(0, text.ExitCode);
        Assert.StartsWith($"edgetwin {Product.Version} (", text.Output);
        var json = await EdgetwinProcess.RunAsync("version", "--json");
        using var line = JsonDocument.Parse(json.LastLine);
        Assert.Equal(Product.Version, line.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_good_configuration_passes_the_check()
    {
        var file = Path.Combine(RepositoryFolder.Root, "config", "demo", "edgetwin.yaml");
        var checkedFile = await EdgetwinProcess.RunAsync("check", "--config", file);
        Assert.Equal((0, ""), (checkedFile.ExitCode, checkedFile.Errors));
        Assert.Matches($"^{Regex.Escape(file)}: ok, [1-9][0-9]* tags\n$", checkedFile.Output);
    }

    [Fact]
    public async Task A_broken_configuration_gets_every_message_with_its_place_and_exit_code_1()
    {
        var file = folder.Write("edgetwin.yaml", """
            gateway: { id: pump-7, dat: ./data }
            asset: { path: acme/north/water/line-1/pump-7 }
            sources:
              plc: { driver: modbus-tcp, endpoint: 127.0.0.1:1502 }
            tags:
              flow: { source: plk, address: holding:0, type: float32 }
            """);
        var checkedFile = await EdgetwinProcess.RunAsync("check", "--config", file);
        Assert.Equal(1, checkedFile.ExitCode);
        Assert.Equal(
            $"""
            {file}:1:24: gateway: unknown key 'dat'; did you mean 'data'?
            {file}:6:19: tag 'flow': there is no source 'plk'; did you mean 'plc'?
            {file}:4:3: warning: source 'plc' has no tags; nothing is read from it

            """,
            checkedFile.Errors);
        Assert.Equal($"{file}: 2 errors\n", checkedFile.Output);
    }

    [Fact]
    public async Task An_option_that_does_not_exist_is_a_mistake_of_the_command_line()
    {
        var wrong = await EdgetwinProcess.RunAsync("check", "--wrong");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Equal(
            "Unrecognized command or argument '--wrong'.\n'edgetwin check --help' shows what there is.\n",
            wrong.Errors);
    }

    [Fact]
    public async Task History_of_a_folder_that_is_not_there_says_so()
    {
        var missing = Path.Combine(folder.Path, "gone");
        var history = await EdgetwinProcess.RunAsync("history", "--data", missing);
        Assert.Equal((3, ""), (history.ExitCode, history.Output));
        Assert.Equal(
            $"edgetwin: there is no journal in {missing}; name the gateway's data folder\n", history.Errors);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task A_tag_list_that_is_exported_and_imported_is_the_same_list()
    {
        var example = Path.Combine(RepositoryFolder.Root, "config", "examples", "modbus-tcp.yaml");
        var list = Path.Combine(folder.Path, "tags.csv");
        var exported = await EdgetwinProcess.RunAsync("tags", "export", "--config", example, "--output", list);
        Assert.Equal((0, ""), (exported.ExitCode, exported.Errors));
        Assert.Contains("temperature", await File.ReadAllTextAsync(list), StringComparison.Ordinal);

        var imported = await EdgetwinProcess.RunAsync("tags", "import", list);
        Assert.Equal((0, ""), (imported.ExitCode, imported.Errors));
        var yaml = await File.ReadAllTextAsync(example);
        var again = folder.Write(
            "edgetwin.yaml", yaml[..yaml.IndexOf("tags:\n", StringComparison.Ordinal)] + imported.Output);
        var exportedAgain = await EdgetwinProcess.RunAsync("tags", "export", "--config", again);
        Assert.Equal((0, ""), (exportedAgain.ExitCode, exportedAgain.Errors));
        var lines = (await File.ReadAllTextAsync(list)).ReplaceLineEndings("\n");
        Assert.Equal(lines, exportedAgain.Output);
    }

    [Fact]
    public async Task Training_on_the_demo_data_gives_the_package_that_is_shipped()
    {
        var demo = Path.Combine(RepositoryFolder.Root, "config", "demo");
        var package = Path.Combine(folder.Path, "condition.onnx");
        var trained = await EdgetwinProcess.RunAsync(
            "train", "--csv", Path.Combine(demo, "normal.csv"), "--margin", "2", "--output", package, "--json");
        Assert.Equal(0, trained.ExitCode);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(demo, "pump-condition.onnx")),
            await File.ReadAllBytesAsync(package));
        using var line = JsonDocument.Parse(trained.LastLine);
        Assert.Equal(package, line.RootElement.GetProperty("file").GetString());
    }

    [Fact]
    public async Task The_help_of_every_verb_has_an_example()
    {
        var verbs = new Queue<string[]>([[]]);
        var seen = new List<string>();
        while (verbs.TryDequeue(out var verb))
        {
            var help = await EdgetwinProcess.RunAsync([.. verb, "--help"]);
            Assert.Equal((0, ""), (help.ExitCode, help.Errors));
            Assert.True(help.Output.Contains("Example", StringComparison.Ordinal), help.Output);
            seen.Add(string.Join(' ', verb));
            var commands = help.Output.IndexOf("\nCommands:\n", StringComparison.Ordinal);
            if (commands < 0) continue;
            foreach (Match m in CommandName().Matches(help.Output[commands..]))
                verbs.Enqueue([.. verb, m.Groups["name"].Value]);
        }

        // Control: the search did find verbs, and verbs of verbs.
        Assert.Superset(
            new HashSet<string>(["run", "demo", "check", "train", "history", "tags import", "status", "version"]),
            seen.ToHashSet());
    }

    [GeneratedRegex("^  (?<name>[a-z]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommandName();
}
