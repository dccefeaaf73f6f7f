using System.CommandLine;
using System.Text.Json;
using EdgeTwin.Hosting;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin reload</c>: has the running gateway read its configuration again.</summary>
internal static class ReloadCommand
{
    public static Command Build()
    {
        var config = ConfigOption.Create();
        var data = ConfigOption.CreateData();
        var command = new Command(
            "reload",
            """
            Have the running gateway read its configuration again, and wait until it is in place. With errors in it the
            old one goes on, and the exit code is 1; 3 when no gateway answers.

            Examples:
              edgetwin reload --config /etc/edgetwin/edgetwin.yaml
              edgetwin reload --data /var/lib/edgetwin --json
            """)
        { config, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var answer = await StatusCommand.AskAsync(
                DataFolder(parsed.GetValue(data), parsed.GetValue(config)!), "reload", null, cancellation,
                ControlServer.LongestAnswer);
            var result = answer.Deserialize<ReloadResult>(Output.Json)!;
            if (parsed.GetValue(CommandLine.Json)) Console.WriteLine(answer.GetRawText());
            else await WriteAsync(result);
            return result.Errors.Count == 0 ? ExitCodes.Ok : ExitCodes.Wrong;
        });
        return command;
    }

    // The file says where the gateway is, but only when it is right; a wrong one is refused here already.
    private static string DataFolder(string? given, string config) =>
        given ?? Gateway.DataFolderOf(ConfigOption.LoadOrFail(config));

    private static async Task WriteAsync(ReloadResult result)
    {
        foreach (var warning in result.Warnings) await Console.Error.WriteLineAsync($"warning: {warning}");
        foreach (var error in result.Errors) await Console.Error.WriteLineAsync(error);
        if (result.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync("edgetwin: not reloaded; the old configuration goes on");
            return;
        }

        Console.WriteLine($"reloaded in {result.Pause.TotalMilliseconds:0} ms");
        foreach (var name in result.Added) Console.WriteLine($"  new   {name}");
        foreach (var name in result.Removed) Console.WriteLine($"  gone  {name}");
    }
}
