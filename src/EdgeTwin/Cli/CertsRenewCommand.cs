using System.CommandLine;
using EdgeTwin.OpcUa.Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin certs renew</c>: makes the next own certificates.</summary>
internal static class CertsRenewCommand
{
    public static Command Build()
    {
        var pki = new PkiOption();
        var newKey = new Option<bool>("--new-key") { Description = "Make new private keys too." };
        var command = new Command(
            "renew",
            """
            Make new own certificates that say the same as the present ones, for as long again. The gateway uses them
            from its next start on; peers must trust them anew. Run it as the user that the gateway runs as.

            Example:
              edgetwin certs renew --config edgetwin.yaml
            """)
        { newKey };
        pki.AddTo(command);
        command.SetAction(parsed =>
            Renew(pki.Open(parsed), parsed.GetValue(newKey), parsed.GetValue(CommandLine.Json)));
        return command;
    }

    private static int Renew(CertificateStore store, bool newKey, bool json)
    {
        using var own = ApplicationCertificates.Load(store, NullLogger.Instance);
        if (own.All.Count == 0)
        {
            throw new CommandException(
                ExitCodes.Wrong, $"there is no own certificate with its key in {store.Path}; the gateway makes one at "
                    + "its first start");
        }

        var failed = false;
        foreach (var old in own.All)
        {
            if (!old.IsSelfSigned)
            {
                Console.Error.WriteLine(
                    $"edgetwin: {old.Path} was issued by an authority: ask it for a new one and put it in its place");
                failed = true;
                continue;
            }

            using var renewed = ApplicationCertificates.Create(
                store, old.ToIdentity(), old.Key.Family, TimeProvider.System, newKey ? null : old);
            if (json) Output.Line(new { file = renewed.Path, renewed.NotAfter, newKey });
            else Console.WriteLine($"{renewed.Path}: valid to {renewed.NotAfter:yyyy-MM-dd}");
        }

        return failed ? ExitCodes.Wrong : ExitCodes.Ok;
    }
}
