using System.Net;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server;

/// <summary>The server's certificates, whom it trusts, and which security it offers.</summary>
internal sealed class ServerSecurity : IServerSecurity, IDisposable
{
    private readonly OpcUaServerOptions options;
    private readonly string? temporary;
    private readonly ApplicationCertificates certificates;
    private readonly List<OwnCertificate> own;

    /// <summary>Loads the certificates, making those that are missing.</summary>
    /// <exception cref="IOException">The folders cannot be made, or a new certificate not be written.</exception>
    /// <exception cref="ArgumentException">The options name a policy that there is not.</exception>
    public ServerSecurity(OpcUaServerOptions options, TimeProvider time, ILogger logger)
    {
        this.options = options;
        Offered = [.. options.Security.Select(static choice => (Known(choice.PolicyName), choice.Mode)).Distinct()];
        temporary = options.PkiFolder is null ? Directory.CreateTempSubdirectory("edgetwin-pki-").FullName : null;
        var folder = options.PkiFolder ?? temporary!;
        var store = new CertificateStore(folder, time, logger);
        Clients = new CertificateValidator(store, options.Certificates with
        {
            AcceptUntrusted = options.Certificates.AcceptUntrusted || options.AcceptAnyClientCertificate,
        }, time, logger);
        Users = new CertificateValidator(
            new CertificateStore(Path.Combine(folder, "users"), time, logger), options.Certificates with
            {
                AcceptUntrusted = options.AcceptAnyUserCertificate,
            }, time, logger);

        // RSA always: passwords at endpoints without security are encrypted with it.
        var families = Offered.Select(static choice => choice.Policy.Family).Append(KeyFamily.Rsa);
        certificates = ApplicationCertificates.LoadOrCreate(store, Identity(options), families, time, logger);
        own = [.. certificates.All.Select(static c => new OwnCertificate(c.Certificate, c.Chain))];
    }

    /// <summary>What sessions may be made with, best first.</summary>
    public IReadOnlyList<(SecurityPolicy Policy, MessageSecurityMode Mode)> Offered { get; }

    /// <summary>Judges the applications of clients.</summary>
    public CertificateValidator Clients { get; }

    /// <summary>Judges users' certificates.</summary>
    public CertificateValidator Users { get; }

    /// <inheritdoc/>
    public bool Offers(SecurityPolicy policy, MessageSecurityMode mode) =>
        (!policy.IsSecure && mode == MessageSecurityMode.None) || OffersSession(policy, mode);

    /// <summary>Whether a session may be made so; discovery is open to more (<see cref="Offers"/>).</summary>
    public bool OffersSession(SecurityPolicy policy, MessageSecurityMode mode) => Offered.Contains((policy, mode));

    /// <inheritdoc/>
    public OwnCertificate? CertificateFor(SecurityPolicy policy) =>
        policy.IsSecure ? own.Find(certificate => certificate.Key.Fits(policy)) : null;

    /// <summary>The certificate that an endpoint shows, also one without security: for what users encrypt.</summary>
    public OwnCertificate? ShownAt(SecurityPolicy policy) =>
        CertificateFor(policy.IsSecure ? policy : SecurityPolicy.Basic256Sha256);

    /// <inheritdoc/>
    public StatusCode ValidateClient(PeerCertificate certificate, SecurityPolicy policy) => Clients.Validate(
        certificate.Chain, new CertificateQuestion { Role = CertificateRole.Client, Policy = policy }).PeerStatus;

    public void Dispose()
    {
        own.ForEach(static certificate => certificate.Dispose());
        certificates.Dispose();
        if (temporary is not null) Directory.Delete(temporary, recursive: true);
    }

    private static SecurityPolicy Known(string name) => SecurityPolicy.ByName(name)
        ?? throw new ArgumentException($"there is no security policy '{name}'; the deprecated ones are not offered",
            nameof(name));

    private static ApplicationIdentity Identity(OpcUaServerOptions options)
    {
        var names = options.HostNames.Count > 0 ? options.HostNames : [Dns.GetHostName()];
        return new ApplicationIdentity
        {
            ApplicationName = options.ApplicationName,
            ApplicationUri = options.ApplicationUri,
            HostNames = [.. names.Where(static name => !IPAddress.TryParse(name, out _))],
            Addresses = [.. names.Select(
                static name => IPAddress.TryParse(name, out var ip) ? ip : null).OfType<IPAddress>()],
        };
    }
}
