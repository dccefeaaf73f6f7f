using System.CommandLine;
using EdgeTwin.OpcUa.Certificates;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin certs trust</c>: lets a peer in.</summary>
internal static class CertsTrustCommand
{
    public static Command Build()
    {
        var pki = new PkiOption();
        var what = new Argument<string>("certificate")
        {
            Description = "Begin of the thumbprint of a rejected certificate, or a file (DER or PEM): certificates, or "
                + "revocation lists of an authority.",
        };
        var issuer = new Option<bool>("--issuer")
        {
            Description = "Use an authority's certificate to complete chains only, without trusting all it issued.",
        };
        var command = new Command(
            "trust",
            """
            Trust a rejected certificate, or the certificates of a file. The running gateway sees it within a second.

            Examples:
              edgetwin certs trust 3F2A91C0 --config edgetwin.yaml
              edgetwin certs trust plant-ca.pem --config edgetwin.yaml
              edgetwin certs trust plant-ca.crl --config edgetwin.yaml
            """)
        { what, issuer };
        pki.AddTo(command);
        command.SetAction(parsed =>
        {
            var store = pki.Open(parsed, make: true);
            var json = parsed.GetValue(CommandLine.Json);
            var name = parsed.GetValue(what)!;
            if (File.Exists(name)) return TrustFile(store, name, parsed.GetValue(issuer), json);
            var certificate = PkiOption.Find(store, name, CertificateFolder.Rejected, CertificateFolder.Issuers);
            Say(parsed.GetValue(issuer) ? "issuer" : "trusted", certificate.Name,
                Take(store, certificate.Der, parsed.GetValue(issuer)), json);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static int TrustFile(CertificateStore store, string file, bool issuer, bool json)
    {
        var (certificates, lists) = CertificateStore.ReadFile(file);
        if (certificates.Count + lists.Count == 0)
        {
            throw new CommandException(
                ExitCodes.Wrong, $"{file} holds neither a certificate nor a revocation list (DER or PEM)");
        }

        foreach (var der in certificates)
        {
            var path = Take(store, der, issuer);
            Say(issuer ? "issuer" : "trusted", Path.GetFileNameWithoutExtension(path), path, json);
        }

        foreach (var der in lists)
        {
            var path = store.AddRevocationList(der)!;
            Say("revocation list", Path.GetFileNameWithoutExtension(path), path, json);
        }

        return ExitCodes.Ok;
    }

    private static string Take(CertificateStore store, byte[] der, bool issuer) =>
        issuer ? store.AddIssuer(der) : store.Trust(der);

    private static void Say(string what, string name, string path, bool json)
    {
        if (json) Output.Line(new { what, name, file = path });
        else Console.WriteLine($"{what}: {name}");
    }
}
