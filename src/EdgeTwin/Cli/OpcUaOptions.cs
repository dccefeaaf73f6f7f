using System.CommandLine;

namespace EdgeTwin.Cli;

/// <summary>Which server, as whom, and how far it is trusted: what the OPC UA verbs share.</summary>
internal sealed class OpcUaOptions
{
    public Argument<string> Endpoint { get; } = new("endpoint")
    {
        Description = "The server, such as opc.tcp://192.0.2.10:4840.",
    };

    private Option<string?> User { get; } = new("--user")
    {
        Description = "User name; anonymous when absent. The password comes from --password-file, or from the "
            + "environment variable EDGETWIN_PASSWORD.",
        HelpName = "name",
    };

    private Option<string?> PasswordFile { get; } = new("--password-file")
    {
        Description = "File whose first line is the password.",
        HelpName = "file",
    };

    private Option<string?> Security { get; } = new("--security")
    {
        Description = "none, or a policy such as Basic256Sha256, with :sign where messages need not be encrypted. "
            + "Default: the strongest that the server offers, never none.",
        HelpName = "policy",
    };

    private Option<string?> Pki { get; } = new("--pki")
    {
        Description = "Folder of the certificates: the gateway's, or one of your own. Default: edgetwin/pki in your "
            + "configuration folder.",
        HelpName = "folder",
    };

    private Option<bool> TrustOnce { get; } = new("--trust-once")
    {
        Description = "Believe the server this once, whatever its certificate.",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Endpoint);
        foreach (var option in new Option[] { User, PasswordFile, Security, Pki, TrustOnce })
            command.Options.Add(option);
    }

    /// <summary>What was written, checked.</summary>
    /// <exception cref="CommandException">Something of it cannot be.</exception>
    public OpcUaDial Read(ParseResult parsed)
    {
        var endpoint = parsed.GetValue(Endpoint)!;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme != "opc.tcp" || uri.Host.Length == 0)
            throw new CommandException(ExitCodes.Usage, $"'{endpoint}' is no OPC UA server; write opc.tcp://host:4840");
        return new OpcUaDial(
            uri, parsed.GetValue(User), PasswordOf(parsed), parsed.GetValue(Security), FolderOf(parsed.GetValue(Pki)),
            parsed.GetValue(TrustOnce));
    }

    private string? PasswordOf(ParseResult parsed)
    {
        if (parsed.GetValue(User) is null) return null;
        if (parsed.GetValue(PasswordFile) is { } file) return File.ReadLines(file).FirstOrDefault() ?? "";
        return Environment.GetEnvironmentVariable("EDGETWIN_PASSWORD")
            ?? throw new CommandException(
                ExitCodes.Usage, "--user needs --password-file, or the environment variable EDGETWIN_PASSWORD");
    }

    private static string FolderOf(string? given) => given ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData,
            Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } folder ? folder : Path.GetTempPath(),
        "edgetwin", "pki");
}
