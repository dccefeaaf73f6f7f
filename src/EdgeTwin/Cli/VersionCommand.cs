using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeTwin.Diagnostics;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin version</c></summary>
internal static class VersionCommand
{
    public static Command Build()
    {
        var command = new Command(
            "version",
            """
            Print the version of the gateway and what it runs on.

            Example:
              edgetwin version --json
            """);
        command.SetAction(parsed =>
        {
            var runtime = RuntimeInformation.FrameworkDescription;
            var system = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}";
            if (parsed.GetValue(CommandLine.Json)) Output.Line(new { version = Product.Version, runtime, system });
            else Console.WriteLine($"edgetwin {Product.Version} ({runtime}, {system})");
            return ExitCodes.Ok;
        });
        return command;
    }
}
