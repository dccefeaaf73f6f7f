using System.CommandLine;
using EdgeTwin.Diagnostics;
using EdgeTwin.OpcUa.Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin certs list</c>: all certificates, and why a rejected one is rejected.</summary>
internal static class CertsListCommand
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    public static Command Build()
    {
        var pki = new PkiOption();
        var command = new Command(
            "list",
            """
            List the certificates by folder, with what is wrong and what to do about it. A thumbprint is what two people
            compare before they trust each other's machines.

            Example:
              edgetwin certs list --config /etc/edgetwin/edgetwin.yaml
            """);
        pki.AddTo(command);
        command.SetAction(parsed => List(pki.Open(parsed), parsed.GetValue(CommandLine.Json)));
        return command;
    }

    private static int List(CertificateStore store, bool json)
    {
        var options = new CertificateValidatorOptions();
        var validator = new CertificateValidator(store, options, TimeProvider.System, NullLogger.Instance);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        if (!json) Console.WriteLine($"{"folder",-9} {"thumbprint",-40} {"valid to",-10} name");
        foreach (var folder in Enum.GetValues<CertificateFolder>())
        {
            foreach (var certificate in store.List(folder))
                Print(folder, certificate, Remark(folder, certificate, validator, now), json);
        }

        return ExitCodes.Ok;
    }

    private static void Print(CertificateFolder folder, StoredCertificate certificate, string? remark, bool json)
    {
        if (json)
        {
            Output.Line(new
            {
                folder,
                certificate.Name,
                certificate.Thumbprint,
                certificate.NotBefore,
                certificate.NotAfter,
                certificate.ApplicationUri,
                authority = certificate.IsAuthority,
                remark,
                file = certificate.Path,
            });
            return;
        }

        var name = certificate.ApplicationUri is { } uri ? $"{certificate.Name} ({Printable(uri)})" : certificate.Name;
        Console.WriteLine(
            $"{Spelling.Of(folder),-9} {certificate.Thumbprint} {certificate.NotAfter:yyyy-MM-dd} {name}");
        if (remark is not null) Console.WriteLine($"{"",-9} {remark}");
    }

    private static string? Remark(
        CertificateFolder folder, StoredCertificate certificate, CertificateValidator validator, DateTime now)
    {
        if (folder == CertificateFolder.Own)
        {
            return certificate.NotAfter < now ? "ended: run 'edgetwin certs renew'"
                : certificate.NotAfter - now < Soon ? "ends soon: run 'edgetwin certs renew'"
                : null;
        }

        var problem = FirstProblem(certificate, validator);
        if (folder != CertificateFolder.Rejected) return problem;
        return problem ?? (certificate.Reason is { } reason
            ? $"refused because {reason}"
            : "nothing is wrong with it now: the peer can try again");
    }

    /// <summary>The first problem as the role in which there are fewest: a file does not say which one its owner
    /// has.</summary>
    private static string? FirstProblem(StoredCertificate certificate, CertificateValidator validator)
    {
        var problems = ((CertificateRole[])[CertificateRole.Client, CertificateRole.Server])
            .Select(role => validator.Explain(certificate.Der, new CertificateQuestion { Role = role }).Problems)
            .MinBy(static p => p.Count)!;
        return problems
            .FirstOrDefault(p => !certificate.IsAuthority
                || p.Check is not (CertificateCheck.Use or CertificateCheck.Trust))?.Text;
    }

    private static string Printable(string text) => string.Concat(text.Where(static c => !char.IsControl(c)).Take(100));
}
