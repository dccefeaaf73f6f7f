using System.CommandLine;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Certificates;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin certs export</c>: gives a certificate, never its key, to those who shall trust it.</summary>
internal static class CertsExportCommand
{
    public static Command Build()
    {
        var pki = new PkiOption();
        var thumbprint = new Argument<string?>("thumbprint")
        {
            Description = "Begin of a thumbprint; the newest own certificate when absent.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "File to write: PEM when it ends with .pem, else DER. PEM on standard output when absent.",
            HelpName = "file",
        };
        var command = new Command(
            "export",
            """
            Write a certificate, without its key, for peers that shall trust it.

            Example:
              edgetwin certs export --config edgetwin.yaml --output edgetwin.der
            """)
        { thumbprint, output };
        pki.AddTo(command);
        command.SetAction(parsed =>
        {
            var store = pki.Open(parsed);
            var certificate = parsed.GetValue(thumbprint) is { } wanted
                ? PkiOption.Find(store, wanted, Enum.GetValues<CertificateFolder>())
                : store.List(CertificateFolder.Own).MaxBy(static c => c.NotBefore)
                    ?? throw new CommandException(ExitCodes.Wrong, $"there is no own certificate in {store.Path}");
            var pem = PemEncoding.WriteString("CERTIFICATE", certificate.Der) + "\n";
            if (parsed.GetValue(output) is not { } path)
            {
                Console.Write(pem);
                return ExitCodes.Ok;
            }

            if (path.EndsWith(".pem", StringComparison.OrdinalIgnoreCase)) File.WriteAllText(path, pem);
            else File.WriteAllBytes(path, certificate.Der);
            if (parsed.GetValue(CommandLine.Json))
                Output.Line(new { certificate.Name, certificate.Thumbprint, file = path });
            else Console.WriteLine($"{path}: {certificate.Name} [{certificate.Thumbprint}]");
            return ExitCodes.Ok;
        });
        return command;
    }
}
