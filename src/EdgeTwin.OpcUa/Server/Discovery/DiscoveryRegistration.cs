using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Discovery;
using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Server.Discovery;

/// <summary>Keeps the server known to a discovery server: registers again and again, because a registration ends by
/// itself, and takes it back at the stop (OPC 10000-4 §5.5.5, §5.5.6).</summary>
internal sealed class DiscoveryRegistration : IAsyncDisposable
{
    // A discovery server forgets who was silent for ten minutes (OPC 10000-12 §4.2.3).
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Uri discoveryServer;
    private readonly EndpointCatalog endpoints;
    private readonly OpcUaServerOptions options;
    private readonly OwnCertificate certificate;
    private readonly ServerCertificateValidator validator;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    /// <summary>Begins to register; a discovery server that is not there is tried again.</summary>
    public DiscoveryRegistration(Uri discoveryServer, EndpointCatalog endpoints, OpcUaServerOptions options,
        ServerSecurity security, TimeProvider time, ILogger logger)
    {
        (this.discoveryServer, this.endpoints, this.options) = (discoveryServer, endpoints, options);
        (this.time, this.logger) = (time, logger);
        certificate = security.CertificateFor(SecurityPolicy.Basic256Sha256)!;
        validator = new ServerCertificateValidator(security.Clients);
        running = RunAsync();
    }

    /// <summary>Takes the registration back, within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var isRegistered = false;
        var mayBeRegistered = false;
        var retry = FirstRetry;
        StatusCode? told = null;
        try
        {
            while (true)
            {
                mayBeRegistered = true; // a stop may come before the answer does
                var problem = await TryRegisterAsync(isOnline: true, stopping.Token);
                if (problem is null && !isRegistered) ServerLog.Registered(logger, discoveryServer);
                if (problem is not null && problem.Status != told)
                    ServerLog.NotRegistered(logger, discoveryServer, problem.Message);
                told = problem?.Status;
                isRegistered = mayBeRegistered = problem is null;
                await Task.Delay(isRegistered ? Interval : retry, time, stopping.Token);
                retry = isRegistered ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, Interval.Ticks));
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }

        if (!mayBeRegistered) return;
        using var patience = new CancellationTokenSource(Farewell, time);
        try
        {
            await TryRegisterAsync(isOnline: false, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It forgets the server by itself.
        }
    }

    // Null when it worked.
    private async Task<OpcUaException?> TryRegisterAsync(bool isOnline, CancellationToken cancellation)
    {
        try
        {
            await RegisterAsync(isOnline, cancellation);
            return null;
        }
        catch (OpcUaException e)
        {
            return e;
        }
    }

    private async Task RegisterAsync(bool isOnline, CancellationToken cancellation)
    {
        var transports = new ChannelTransportFactory(
            new OpcUaClientOptions { EndpointUrl = discoveryServer, ApplicationUri = options.ApplicationUri }, time);
        var offered = await new DiscoveryClient(transports, Timeout, time)
            .GetEndpointsAsync(discoveryServer, cancellation);
        // §5.5.5.1: only over a channel that proves who registers.
        var endpoint = EndpointChoice.Pick(offered, MessageSecurityMode.SignAndEncrypt, null, certificate.Key);
        var (status, explanation) = validator.Validate(
            endpoint.ServerCertificate, endpoint.Server.ApplicationUri, discoveryServer.Host);
        if (status.IsBad) throw new OpcUaException(status, explanation ?? "its certificate is not accepted");

        await using var transport = await transports.ConnectAsync(
            new TransportTarget
            {
                Url = EndpointAddress.Reachable(discoveryServer, endpoint.EndpointUrl),
                Policy = SecurityPolicy.ByUri(endpoint.SecurityPolicyUri)!,
                Mode = endpoint.SecurityMode,
                Certificate = certificate,
                ServerCertificate = endpoint.ServerCertificate,
            }, cancellation);
        try
        {
            await transport.SendAsync<RegisterServer2Request, RegisterServer2Response>(
                new RegisterServer2Request
                {
                    RequestHeader = Header(),
                    Server = Registration(isOnline),
                    DiscoveryConfiguration = [new ExtensionObject(new MdnsDiscoveryConfiguration
                    {
                        MdnsServerName = options.ApplicationName,
                        ServerCapabilities = ["DA"], // gives live data (OPC 10000-12 Annex D)
                    })],
                }, Timeout, cancellation);
        }
        catch (OpcUaException e) when (e.Status == StatusCodes.BadServiceUnsupported)
        {
            await transport.SendAsync<RegisterServerRequest, RegisterServerResponse>(
                new RegisterServerRequest { RequestHeader = Header(), Server = Registration(isOnline) }, Timeout,
                cancellation);
        }
    }

    private RegisteredServer Registration(bool isOnline) => new()
    {
        ServerUri = options.ApplicationUri,
        ProductUri = options.ProductUri,
        ServerNames = [new LocalizedText("en", options.ApplicationName)],
        ServerType = ApplicationType.Server,
        DiscoveryUrls = [endpoints.OwnUrl],
        IsOnline = isOnline,
    };

    private RequestHeader Header() => new()
    {
        Timestamp = time.GetUtcNow().UtcDateTime,
        RequestHandle = 1,
        TimeoutHint = (uint)Timeout.TotalMilliseconds,
    };
}
