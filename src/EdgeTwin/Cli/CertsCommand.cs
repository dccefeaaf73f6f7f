using System.CommandLine;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin certs</c>: whom the gateway trusts over OPC UA, and what it shows itself.</summary>
internal static class CertsCommand
{
    public static Command Build() => new("certs", "Show and decide whom the gateway trusts over OPC UA.")
    {
        CertsListCommand.Build(), CertsTrustCommand.Build(), CertsRejectCommand.Build(), CertsRenewCommand.Build(),
        CertsExportCommand.Build(),
    };
}
