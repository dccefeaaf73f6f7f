using System.Net;
using System.Runtime.InteropServices;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Users;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>
/// The library's OPC UA server alone, for other people's clients: on 127.0.0.1, every policy, anonymous, user1/pass1 and
/// certificates. <c>--port P</c>, <c>--count N</c> variables that change every <c>--interval MS</c>,
/// <c>--pki DIR</c> trusts by folder (without it everybody), <c>--log 1</c> tells on the console what happens.
/// Prints one line when it is ready and ends with SIGINT or SIGTERM.
/// </summary>
internal static class OpcUaHost
{
    public const string NamespaceUri = "urn:bench:peers";

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        using var logging = arguments.Option("log") is null
            ? null
            : LoggerFactory.Create(static builder => builder.AddSimpleConsole().SetMinimumLevel(LogLevel.Information));
        ILogger logger = logging?.CreateLogger("opcua-host") ?? (ILogger)NullLogger.Instance;
        var time = TimeProvider.System;
        await using var server = new OpcUaServer(Options(arguments), time, logger);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));

        var index = server.AddressSpace.Namespaces.Add(NamespaceUri);
        var bench = new BenchFolder(server.AddressSpace, index, arguments.Option("count", 1000));
        var demo = new DemoFolder(server.AddressSpace, index, time);
        await server.StartAsync();
        var running = Task.WhenAll(
            bench.ChangeAsync(TimeSpan.FromMilliseconds(arguments.Option("interval", 100)), time, stop.Token),
            demo.RunAsync(stop.Token));
        Console.WriteLine($"opcua-host ready: opc.tcp://{server.LocalEndPoint}");
        await running;
        await server.StopAsync(TimeSpan.Zero);
    }

    private static OpcUaServerOptions Options(BenchmarkArguments arguments) => new()
    {
        ApplicationName = "EdgeTwin bench",
        ApplicationUri = "urn:edgetwin:bench",
        BindAddress = IPAddress.Loopback,
        Port = arguments.Option("port", 48400),
        HostNames = ["127.0.0.1", "localhost"],
        PkiFolder = arguments.Option("pki"),
        AcceptAnyClientCertificate = arguments.Option("pki") is null,
        AcceptAnyUserCertificate = arguments.Option("pki") is null,
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

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
