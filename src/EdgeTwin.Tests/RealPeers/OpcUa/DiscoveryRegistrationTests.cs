using System.Net;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Our server and node-opcua's discovery server.</summary>
[Collection(RealTime.Name)]
public sealed class DiscoveryRegistrationTests
{
    private const int Registered = 2058;
    private const int NotRegistered = 2059;

    private readonly CollectingLogger logs = new();

    [Fact]
    public async Task A_server_is_in_the_directory_while_it_runs()
    {
        await using var directory = new NodeOpcUaServer("node-opcua-discovery-server.js");
        await directory.StartAsync();
        await using var server = new OpcUaServer(Options(directory.Url), TimeProvider.System, logs);
        await server.StartAsync();

        await EventuallyAsync(async () => (await ServersAsync(directory)).SequenceEqual(["urn:edgetwin:registered"]));
        await server.StopAsync(TimeSpan.Zero);

        Assert.Empty(await ServersAsync(directory));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_told_and_tried_again()
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeProvider.System.GetUtcNow() - time.GetUtcNow()); // certificates are judged by the time of day
        await using var directory = new NodeOpcUaServer("node-opcua-discovery-server.js");
        await using var server = new OpcUaServer(Options(directory.Url), time, logs);
        await server.StartAsync();
        await EventuallyAsync(() => Task.FromResult(logs.Count(NotRegistered) == 1));

        await directory.StartAsync();
        await EventuallyAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(logs.Count(Registered) == 1);
        });
    }

    private static OpcUaServerOptions Options(Uri directory) => new()
    {
        ApplicationName = "registered",
        ApplicationUri = "urn:edgetwin:registered",
        BindAddress = IPAddress.Loopback,
        Port = 0,
        HostNames = ["127.0.0.1"],
        AcceptAnyClientCertificate = true,
        DiscoveryServer = directory,
    };

    private static async Task<string[]> ServersAsync(NodeOpcUaServer directory) =>
        [.. (await directory.SendAsync("servers")).GetProperty("servers").EnumerateArray()
            .Select(static uri => uri.GetString()!)];

    private async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < RealTime.Patience, string.Join('\n', logs.Lines));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
