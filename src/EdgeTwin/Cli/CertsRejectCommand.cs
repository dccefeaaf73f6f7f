using System.CommandLine;
using EdgeTwin.OpcUa.Certificates;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin certs reject</c>: takes trust away.</summary>
internal static class CertsRejectCommand
{
    public static Command Build()
    {
        var pki = new PkiOption();
        var thumbprint = new Argument<string>("thumbprint")
        {
            Description = "Begin of the thumbprint of a trusted certificate, or of an issuer.",
        };
        var command = new Command(
            "reject",
            """
            No longer trust a certificate. The running gateway refuses its next connection; one that is open stays open.

            Example:
              edgetwin certs reject 3F2A91C0 --config edgetwin.yaml
            """)
        { thumbprint };
        pki.AddTo(command);
        command.SetAction(parsed =>
        {
            var store = pki.Open(parsed);
            var certificate = PkiOption.Find(
                store, parsed.GetValue(thumbprint)!, CertificateFolder.Trusted, CertificateFolder.Issuers);
            store.Distrust(certificate.Der);
            if (parsed.GetValue(CommandLine.Json))
                Output.Line(new { what = "rejected", name = certificate.Name, thumbprint = certificate.Thumbprint });
            else Console.WriteLine($"rejected: {certificate.Name}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
