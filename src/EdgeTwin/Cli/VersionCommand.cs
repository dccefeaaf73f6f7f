using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin version</c></summary>
internal static class VersionCommand
{
    public static string Version { get; } = typeof(VersionCommand).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

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
            if (parsed.GetValue(CommandLine.Json)) Output.Line(new { version = Version, runtime, system });
            else Console.WriteLine($"edgetwin {Version} ({runtime}, {system})");
            return ExitCodes.Ok;
        });
        return command;
    }
}
