using System.Security.Cryptography.X509Certificates;
using EdgeTwin.Benchmarks.OpcUa;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>Our server with every policy and the user user1, and what a client of ours needs to get in.</summary>
internal sealed class TwoSides : IServerCertificateValidator, IAsyncDisposable
{
    public const string ServerUri = "urn:edgetwin:bench";
    private const string ClientUri = "urn:edgetwin:test:two-sides";

    private readonly X509Certificate2 certificate;
    private readonly OwnCertificate own;

    private TwoSides(OpcUaServerOptions options, KeyFamily family)
    {
        Server = new BenchServer(options, 1, TimeSpan.Zero, TimeProvider.System, NullLogger.Instance);
        certificate = CertificateMaker.SelfSigned(
            new ApplicationIdentity { ApplicationUri = ClientUri, ApplicationName = "test", HostNames = ["localhost"] },
            CertificateMaker.NewKey(family, 2048), TimeProvider.System.GetUtcNow());
        own = new OwnCertificate(certificate);
    }

    public BenchServer Server { get; }

    public static async Task<TwoSides> StartAsync(
        KeyFamily family, Func<OpcUaServerOptions, OpcUaServerOptions>? change = null)
    {
        var options = BenchServer.Options(0, null);
        var sides = new TwoSides(change is null ? options : change(options), family);
        await sides.Server.StartAsync();
        return sides;
    }

    public OpcUaClientOptions Options(SecurityPolicy policy, MessageSecurityMode mode, ClientUser user) => new()
    {
        EndpointUrl = new Uri(Server.Url),
        ApplicationUri = ClientUri,
        SecurityPolicy = policy,
        SecurityMode = mode,
        Certificate = own,
        Validator = this,
        User = user,
    };

    (StatusCode Status, string? Explanation) IServerCertificateValidator.Validate(
        ReadOnlyMemory<byte> certificate, string? applicationUri, string host) => (StatusCodes.Good, null);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        own.Dispose();
        certificate.Dispose();
    }
}
