using System.CommandLine;
using EdgeTwin.Configuration;
using EdgeTwin.Hosting;

namespace EdgeTwin.Cli;

/// <summary>The option <c>--config</c>, which most verbs share.</summary>
internal static class ConfigOption
{
    public static Option<string> Create() => new("--config", "-c")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => "edgetwin.yaml",
        HelpName = "file",
    };

    /// <summary>Loads the configuration, or ends the verb with all its errors.</summary>
    /// <exception cref="CommandException">The configuration has errors.</exception>
    public static ConfigResult LoadOrFail(string path)
    {
        var result = ConfigurationFile.Load(path);
        return result.Errors.Count == 0
            ? result
            : throw new CommandException(
                ExitCodes.Wrong, $"the configuration has "
                    + $"errors{Environment.NewLine}{string.Join(Environment.NewLine, result.Errors)}");
    }

    /// <summary>Folder of journal and control socket: <c>--data</c> where given, else from the configuration.</summary>
    public static string DataFolder(ParseResult parsed, Option<string> config, Option<string?> data)
    {
        if (parsed.GetValue(data) is { } given) return given;
        var loaded = LoadOrFail(parsed.GetValue(config)!);
        return Path.Combine(loaded.BaseFolder, loaded.Config!.Gateway.Data);
    }

    public static Option<string?> CreateData() => new("--data")
    {
        Description = "The gateway's data folder; instead of --config.",
        HelpName = "folder",
    };
}
