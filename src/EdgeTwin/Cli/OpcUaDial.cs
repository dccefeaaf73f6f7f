using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Sources.OpcUa;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Cli;

/// <summary>A server to look at, as the command line names it.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="User">As whom; null is anonymous.</param>
/// <param name="Password">The user's password.</param>
/// <param name="Security">Policy and mode as written; null takes the strongest that is offered.</param>
/// <param name="Pki">Folder of the certificates.</param>
/// <param name="TrustOnce">Whether the server is believed whatever its certificate.</param>
internal sealed record OpcUaDial(
    Uri Endpoint, string? User, string? Password, string? Security, string Pki, bool TrustOnce)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects, does something and closes; what goes wrong ends the verb with a message that says what to
    /// do.</summary>
    /// <exception cref="CommandException">It did not work.</exception>
    public async Task<int> RunAsync(Func<OpcUaClient, Task<int>> work, CancellationToken cancellation)
    {
        OpcUaIdentity? identity = null;
        try
        {
            var (policy, mode) = await ChooseAsync(cancellation);
            identity = OpcUaIdentity.Open(
                Pki, null, "EdgeTwin", policy, TrustOnce, TimeProvider.System, NullLogger.Instance);
            await using var client = new OpcUaClient(Options(policy, mode, identity), TimeProvider.System,
                NullLogger.Instance);
            await client.ConnectAsync(cancellation);
            return await work(client);
        }
        catch (OpcUaException failure)
        {
            throw new CommandException(ExitCodes.Failed, identity?.Refused is { } verdict
                ? Untrusted(verdict) : $"{Endpoint.OriginalString}: {Explain(failure)}");
        }
        finally
        {
            identity?.Dispose();
        }
    }

    private OpcUaClientOptions Options(SecurityPolicy policy, MessageSecurityMode mode, OpcUaIdentity identity) => new()
    {
        EndpointUrl = Endpoint,
        SecurityPolicy = policy,
        SecurityMode = mode,
        User = User is null ? ClientUser.Anonymous : new PasswordUser(User, Password ?? ""),
        Certificate = identity.For(policy),
        Validator = identity,
        ApplicationUri = identity.ApplicationUri,
        ApplicationName = "EdgeTwin",
        SessionName = "edgetwin",
        ConnectTimeout = Patience,
        RequestTimeout = Patience,
    };

    private async Task<(SecurityPolicy Policy, MessageSecurityMode Mode)> ChooseAsync(CancellationToken cancellation)
    {
        if (Security is { } written)
        {
            var parts = written.Split(':');
            if (string.Equals(parts[0], "none", StringComparison.OrdinalIgnoreCase))
                return (SecurityPolicy.None, MessageSecurityMode.None);
            var policy = SecurityPolicy.All.FirstOrDefault(
                    known => string.Equals(known.Name, parts[0], StringComparison.OrdinalIgnoreCase))
                ?? throw new CommandException(ExitCodes.Usage,
                    $"--security: there is no policy '{parts[0]}'; there are "
                    + $"none, {string.Join(", ",
                        SecurityPolicy.All.Where(known => known.IsSecure).Select(known => known.Name))}");
            return (policy, parts is [_, "sign"] ? MessageSecurityMode.Sign : MessageSecurityMode.SignAndEncrypt);
        }

        var offered = await OfferedAsync(cancellation);
        var best = offered
            .Where(endpoint => endpoint.SecurityMode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt
                && SecurityPolicy.ByUri(endpoint.SecurityPolicyUri) is { IsSecure: true })
            .OrderByDescending(endpoint => endpoint.SecurityMode).ThenByDescending(endpoint => endpoint.SecurityLevel)
            .FirstOrDefault();
        if (best is not null) return (SecurityPolicy.ByUri(best.SecurityPolicyUri)!, best.SecurityMode);
        throw new CommandException(ExitCodes.Failed,
            offered.Any(endpoint => endpoint.SecurityMode == MessageSecurityMode.None)
            ? $"{Endpoint.OriginalString}: the server offers no security that can be relied on; "
                    + "to talk to it in the clear add "
                + "--security none"
            : $"{Endpoint.OriginalString}: the server offers nothing that edgetwin speaks");
    }

    private async Task<EndpointDescription[]> OfferedAsync(CancellationToken cancellation)
    {
        await using var asking = new OpcUaClient(
            new OpcUaClientOptions
            {
                EndpointUrl = Endpoint,
                SecurityMode = MessageSecurityMode.None,
                ApplicationUri = "urn:edgetwin",
                ConnectTimeout = Patience,
            }, TimeProvider.System, NullLogger.Instance);
        return await asking.GetEndpointsAsync(cancellation);
    }

    private string Untrusted(CertificateVerdict verdict)
    {
        // Trust mends nothing but a lack of it.
        if (verdict.Status != StatusCodes.BadCertificateUntrusted)
            return $"{Endpoint.OriginalString}: the server's certificate is not accepted: {verdict.Reason}";
        var thumbprint = verdict.Certificate?.Thumbprint;
        return $"""
            {Endpoint.OriginalString}: the server's certificate is not trusted yet
              name        {verdict.Name}
              uri         {verdict.ApplicationUri}
              thumbprint  {thumbprint}
            If the thumbprint is the server's own, believe it from now on with
              edgetwin certs trust {thumbprint} --pki {Pki}
            or this once with --trust-once.
            """;
    }

    private string Explain(OpcUaException failure) => failure.Status.Value switch
    {
        StatusCodes.BadSecurityChecksFailed or StatusCodes.BadCertificateUntrusted =>
            $"the server refuses us: it has to trust the certificate in {Path.Combine(Pki, "own", "certs")} (many "
                + $"servers put it into a folder 'rejected', from where it is moved to 'trusted') — {failure.Message}",
        StatusCodes.BadIdentityTokenRejected or StatusCodes.BadUserAccessDenied when User is null =>
            $"the server wants a user: --user NAME --password-file FILE — {failure.Message}",
        StatusCodes.BadIdentityTokenRejected or StatusCodes.BadIdentityTokenInvalid
            or StatusCodes.BadUserAccessDenied =>
            $"the server does not take user '{User}' with this password — {failure.Message}",
        _ => failure.Message,
    };
}
