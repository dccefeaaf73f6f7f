using System.Net;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Users;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>The library's server with the folders <c>Bench</c> and <c>Demo</c>: every policy, anonymous, user1/pass1
/// and
/// certificates. Without a pki folder it trusts everybody.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    public const string NamespaceUri = "urn:bench:peers";

    private readonly CancellationTokenSource stop = new();
    private readonly TimeProvider time;
    private readonly BenchFolder bench;
    private readonly DemoFolder demo;
    private readonly TimeSpan interval;
    private Task running = Task.CompletedTask;

    public BenchServer(OpcUaServerOptions options, int count, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (this.interval, this.time) = (interval, time);
        Server = new OpcUaServer(options, time, logger);
        var index = Server.AddressSpace.Namespaces.Add(NamespaceUri);
        bench = new BenchFolder(Server.AddressSpace, index, count);
        demo = new DemoFolder(Server.AddressSpace, index, time);
    }

    public OpcUaServer Server { get; }

    public string Url => $"opc.tcp://{Server.LocalEndPoint}";

    public static OpcUaServerOptions Options(int port, string? pki) => new()
    {
        ApplicationName = "EdgeTwin bench",
        ApplicationUri = "urn:edgetwin:bench",
        BindAddress = IPAddress.Loopback,
        Port = port,
        HostNames = ["127.0.0.1", "localhost"],
        PkiFolder = pki,
        AcceptAnyClientCertificate = pki is null,
        AcceptAnyUserCertificate = pki is null,
        Security =
        [
            EndpointSecurity.None,
            .. EndpointSecurity.AllSecure,
            new EndpointSecurity("ECC_nistP256", MessageSecurityMode.SignAndEncrypt),
            new EndpointSecurity("ECC_nistP256", MessageSecurityMode.Sign),
            new EndpointSecurity("ECC_nistP384", MessageSecurityMode.SignAndEncrypt),
            new EndpointSecurity("ECC_nistP384", MessageSecurityMode.Sign),
        ],
        Users = new UserTable(
            [new User("user1", PasswordHash.Of("pass1"u8), Roles.Operator)], Roles.Observer, Roles.Operator),
    };

    public async Task StartAsync()
    {
        await Server.StartAsync();
        var ticks = new Ticks(time);
        if (interval > TimeSpan.Zero) ticks.Every(interval, tick => bench.Change(tick, time));
        ticks.Every(TimeSpan.FromMilliseconds(50), demo.MoveRamp);
        ticks.Every(TimeSpan.FromSeconds(1), demo.Raise);
        running = ticks.RunAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await Server.DisposeAsync();
        stop.Dispose();
    }
}
