using System.Security.Cryptography.X509Certificates;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Benchmarks.OpcUa.Recovery;

/// <summary>Our client with its ordinary patience, node-opcua's server, and a proxy between them.</summary>
internal sealed class RecoveryRig : IAsyncDisposable
{
    private const string ApplicationUri = "urn:edgetwin:benchmarks:recovery";
    private const string PlantUri = "urn:peer:plant";
    private const int RampMilliseconds = 200;
    private const int Proof = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-recovery-");
    private readonly NodeOpcUaServer server = new();
    private readonly Random random;
    private readonly TcpProxy proxy;
    private readonly X509Certificate2 certificate;
    private readonly OwnCertificate own;
    private readonly CertificateStore store;
    private readonly OpcUaClient client;
    private ClientSubscription? subscription;
    private ValueTrail? trail;
    private int certificates;
    private int namespaces;

    private RecoveryRig(Random random, ILogger logger)
    {
        this.random = random;
        proxy = new TcpProxy(server.Port);
        var identity = new ApplicationIdentity
        {
            ApplicationUri = ApplicationUri,
            ApplicationName = "recovery",
            HostNames = ["localhost"],
        };
        certificate = CertificateMaker.SelfSigned(
            identity, CertificateMaker.NewKey(KeyFamily.Rsa, 2048), TimeProvider.System.GetUtcNow());
        own = new OwnCertificate(certificate);
        store = new CertificateStore(Path.Combine(folder.FullName, "pki"), TimeProvider.System, logger);
        var validator = new CertificateValidator(
            store, new CertificateValidatorOptions(), TimeProvider.System, logger);
        client = new OpcUaClient(
            new OpcUaClientOptions
            {
                EndpointUrl = new Uri($"opc.tcp://127.0.0.1:{proxy.Port}/peer"),
                ApplicationUri = ApplicationUri,
                SecurityPolicy = SecurityPolicy.Basic256Sha256,
                Certificate = own,
                Validator = new ServerCertificateValidator(validator),
            },
            TimeProvider.System, logger);
    }

    public static async Task<RecoveryRig> StartAsync(Random random, ILogger logger)
    {
        var rig = new RecoveryRig(random, logger);
        await rig.StartServerAsync();
        await rig.client.ConnectAsync();
        rig.subscription = await rig.client.SubscribeAsync();
        await rig.subscription.AddAsync(
        [
            new ItemOptions
            {
                Node = new NodeId((ushort)rig.client.Namespaces!.IndexOf(PlantUri), "Count"),
                QueueSize = 2000,
                SamplingInterval = TimeSpan.Zero,
            },
        ]);
        rig.trail = new ValueTrail(rig.subscription);
        return rig;
    }

    /// <summary>One fault, and what becomes of it.</summary>
    public async Task<RecoveryRound> RunAsync(RecoveryFault fault)
    {
        await Task.Delay(Seconds(1, 3), TimeProvider.System);
        var from = trail!.Count;
        var back = await StrikeAsync(fault);
        var recovered = await UntilAsync(() =>
            client.State == ClientState.Connected && trail.ValueAfterRecovery(from) is not null);
        if (!recovered) return new RecoveryRound(fault, null, 0, client.LastFailure?.Message ?? "silent");
        var took = TimeProvider.System.GetElapsedTime(back, trail.ValueAfterRecovery(from)!.Value);
        await UntilAsync(() => trail.ValuesSinceRecovery() >= Proof);
        var (missing, how) = trail.Judge(Math.Max(from - 1, 0));
        return new RecoveryRound(fault, took > TimeSpan.Zero ? took : TimeSpan.Zero, missing, how);
    }

    public async ValueTask DisposeAsync()
    {
        if (subscription is not null) await subscription.DisposeAsync();
        await client.DisposeAsync();
        if (trail is not null) await trail.Ended;
        await proxy.DisposeAsync();
        await server.DisposeAsync();
        own.Dispose();
        certificate.Dispose();
        folder.Delete(recursive: true);
    }

    /// <returns>When the endpoint is there again.</returns>
    private async Task<long> StrikeAsync(RecoveryFault fault)
    {
        var now = TimeProvider.System.GetTimestamp();
        switch (fault)
        {
            case RecoveryFault.SessionEnded:
                await server.SendAsync("killSessions", new { keepSubscriptions = true });
                return now;
            case RecoveryFault.Starved:
                return await StarveAsync();
            case RecoveryFault.HalfOpen:
                proxy.Swallow();
                await Task.Delay(Seconds(1, 12), TimeProvider.System);
                proxy.Pass();
                return TimeProvider.System.GetTimestamp();
        }

        await server.KillAsync();
        if (fault == RecoveryFault.Renumbered) namespaces = (namespaces + 1) % 4;
        if (fault == RecoveryFault.NewCertificate) certificates++;
        await Task.Delay(Seconds(0, 6), TimeProvider.System);
        await StartServerAsync();
        return TimeProvider.System.GetTimestamp();
    }

    // A Publish request that was on its way escapes and keeps the values coming: then it is done again.
    private async Task<long> StarveAsync()
    {
        while (true)
        {
            var now = TimeProvider.System.GetTimestamp();
            await server.SendAsync("starve");
            await Task.Delay(TimeSpan.FromMilliseconds(3 * RampMilliseconds), TimeProvider.System);
            var seen = trail!.Count;
            await Task.Delay(TimeSpan.FromMilliseconds(5 * RampMilliseconds), TimeProvider.System);
            if (trail.Count == seen) return now;
        }
    }

    private async Task StartServerAsync()
    {
        await server.StartAsync(new
        {
            trustAll = true,
            ramp = RampMilliseconds,
            certificates = CertificateSet,
            namespaces = Enumerable.Range(0, namespaces).Select(static i => $"urn:other:{i}").Append(PlantUri),
        });
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(server.CertificateFile(CertificateSet));
        store.Trust(trusted.RawData);
    }

    private string CertificateSet => $"set{certificates}";

    private TimeSpan Seconds(double least, double most) =>
        TimeSpan.FromSeconds(least + random.NextDouble() * (most - least));

    private static async Task<bool> UntilAsync(Func<bool> holds)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Patience) return false;
            await Task.Delay(Look, TimeProvider.System);
        }

        return true;
    }
}
