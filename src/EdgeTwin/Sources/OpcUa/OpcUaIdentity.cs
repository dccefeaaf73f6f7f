using System.Net;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>Who the gateway is towards servers, and which of them it believes: the certificates of one pki
/// folder.</summary>
internal sealed class OpcUaIdentity : IServerCertificateValidator, IDisposable
{
    // Two sources that start together must not make two certificates.
    private static readonly Lock Making = new();

    private readonly CertificateValidator validator;
    private readonly ApplicationCertificates certificates;
    private OwnCertificate? own;

    private OpcUaIdentity(
        CertificateStore store, CertificateValidator validator, ApplicationCertificates certificates,
            string applicationUri)
    {
        (Store, this.validator, this.certificates, ApplicationUri) = (store, validator, certificates, applicationUri);
    }

    /// <summary>The folder.</summary>
    public CertificateStore Store { get; }

    /// <summary>The application uri in the own certificate.</summary>
    public string ApplicationUri { get; }

    /// <summary>What was last found wrong with a server's certificate; null when nothing was.</summary>
    public CertificateVerdict? Refused { get; private set; }

    /// <summary>Opens a pki folder, and makes the own certificate where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="applicationUri">The own uri; null takes that of whatever certificate lies there.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="policy">Policy for which a certificate is needed.</param>
    /// <param name="acceptsAny">Whether servers that are not trusted are believed.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">For changes of state.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static OpcUaIdentity Open(
        string folder, string? applicationUri, string name, SecurityPolicy policy, bool acceptsAny, TimeProvider time,
        ILogger logger)
    {
        lock (Making)
        {
            var store = new CertificateStore(folder, time, logger);
            var judge = new CertificateValidator(
                store,
                new CertificateValidatorOptions { AcceptUntrusted = acceptsAny, RequireRevocationLists = false },
                time, logger);
            applicationUri ??= UriThere(store, logger) ?? $"urn:edgetwin:tool:{Dns.GetHostName()}";
            var identity = new ApplicationIdentity
            {
                ApplicationUri = applicationUri,
                ApplicationName = name,
                HostNames = [Dns.GetHostName()],
            };
            var made = ApplicationCertificates.LoadOrCreate(store, identity, [policy.Family], time, logger);
            return new OpcUaIdentity(store, judge, made, applicationUri);
        }
    }

    /// <summary>The own certificate for a policy; null without security. It lives as long as this.</summary>
    public OwnCertificate? For(SecurityPolicy policy)
    {
        if (certificates.For(policy) is not { } chosen) return null;
        own?.Dispose();
        return own = new OwnCertificate(chosen.Certificate, chosen.Chain);
    }

    /// <inheritdoc/>
    public (StatusCode Status, string? Explanation) Validate(
        ReadOnlyMemory<byte> certificate, string? applicationUri, string host)
    {
        // The host is not held against the certificate: machines are dialled by addresses that no certificate names,
        // and it is trusted one by one.
        var verdict = validator.Validate(
            certificate.Span,
                new CertificateQuestion { Role = CertificateRole.Server, ApplicationUri = applicationUri });
        Refused = verdict.IsAccepted ? null : verdict;
        return (verdict.Status, verdict.Reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        own?.Dispose();
        certificates.Dispose();
    }

    private static string? UriThere(CertificateStore store, ILogger logger)
    {
        using var there = ApplicationCertificates.Load(store, logger);
        return there.All.Count > 0 ? there.All[0].ApplicationUri : null;
    }
}
