using System.CommandLine;
using EdgeTwin.OpcUa.Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Cli;

/// <summary>The options by which the verbs of <c>edgetwin certs</c> find the pki folder, and certificates in
/// it.</summary>
internal sealed class PkiOption
{
    private readonly Option<string> config = ConfigOption.Create();
    private readonly Option<string?> data = ConfigOption.CreateData();
    private readonly Option<string?> pki = new("--pki")
    {
        Description = "The pki folder; the folder 'pki' in the data folder when absent.",
        HelpName = "folder",
    };

    private readonly Option<bool> users = new("--users")
    {
        Description = "The certificates of persons who log on with one, instead of those of applications.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(pki);
        command.Options.Add(config);
        command.Options.Add(data);
        command.Options.Add(users);
    }

    /// <summary>Opens the folder.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="make">Whether a folder that is not there is made.</param>
    /// <exception cref="CommandException">There is no such folder.</exception>
    public CertificateStore Open(ParseResult parsed, bool make = false)
    {
        var folder = parsed.GetValue(pki) ?? Path.Combine(ConfigOption.DataFolder(parsed, config, data), "pki");
        if (parsed.GetValue(users)) folder = Path.Combine(folder, "users");
        if (!make && !Directory.Exists(folder))
        {
            throw new CommandException(
                ExitCodes.Failed, $"there are no certificates in {folder}; the gateway makes them at its first start");
        }

        return new CertificateStore(folder, TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>The one certificate whose thumbprint begins with a text, from folders in their order.</summary>
    /// <exception cref="CommandException">There is none, or several.</exception>
    public static StoredCertificate Find(CertificateStore store, string thumbprint, params CertificateFolder[] folders)
    {
        var wanted = thumbprint.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
        var found = folders.SelectMany(store.List)
            .Where(c => c.Thumbprint.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(static c => c.Thumbprint).ToArray();
        return found switch
        {
            [var one] when wanted.Length >= 4 => one,
            [] => throw new CommandException(
                ExitCodes.Wrong, $"no certificate's thumbprint begins with '{thumbprint}'; 'edgetwin certs list' shows "
                    + "what there is"),
            _ => throw new CommandException(
                ExitCodes.Wrong, $"'{thumbprint}' is not enough to tell which certificate is meant; give more of its "
                    + "thumbprint"),
        };
    }
}
