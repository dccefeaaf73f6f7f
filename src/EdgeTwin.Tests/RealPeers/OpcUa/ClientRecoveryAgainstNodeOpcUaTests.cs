using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>What happens to servers and networks, and that the client gets over it by itself, soon, and honestly about
/// what is missing.</summary>
[Collection(RealTime.Name)]
public sealed class ClientRecoveryAgainstNodeOpcUaTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private NodeOpcUaServer server = null!;
    private ClientPlace place = null!;

    public async Task InitializeAsync()
    {
        place = ClientPlace.Make();
        server = await NodeOpcUaServer.LaunchAsync();
        await server.SendAsync("trust", new { file = place.CertificateFile });
        place.Trust(server.CertificateFile());
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task A_server_that_was_killed_and_renumbered_its_namespaces_is_followed()
    {
        await using var client = await ConnectAsync(place.Options(server.Url));
        await using var subscription = await client.SubscribeAsync(Fast);
        var (count, log) = await WatchCountAsync(client, subscription);
        var before = client.Namespaces!.IndexOf("urn:peer:plant");

        await server.KillAsync();
        await UntilAsync(() => client.State == ClientState.Reconnecting);
        await server.StartAsync(new { namespaces = new[] { "urn:first", "urn:second", "urn:peer:plant" } });
        var back = TimeProvider.System.GetTimestamp();
        var recovery = await log.UntilAsync<RecoveryNotice>();

        Assert.True(TimeProvider.System.GetElapsedTime(back) < Soon);
        Assert.Equal(RecoveryKind.Recreated, recovery.Kind);
        await log.UntilAsync<GapNotice>();
        Assert.Equal(before + 2, client.Namespaces.IndexOf("urn:peer:plant"));
        await server.SendAsync("set", new { name = "Count", value = 4711 });
        await log.ValueAsync(count, static v => v.Value.Get<int>() == 4711);
    }

    [Fact]
    public async Task A_session_that_an_administrator_ended_is_made_anew_and_its_subscription_taken_along()
    {
        await using var client = await ConnectAsync(place.Options(server.Url, mode: MessageSecurityMode.Sign));
        await using var subscription = await client.SubscribeAsync(Fast);
        var (count, log) = await WatchCountAsync(client, subscription);

        await server.SendAsync("killSessions", new { keepSubscriptions = true });
        var recovery = await log.UntilAsync<RecoveryNotice>();
        Assert.Contains(recovery.Kind, new[] { RecoveryKind.Transferred, RecoveryKind.Recreated });
        await server.SendAsync("set", new { name = "Count", value = 4711 });
        await log.ValueAsync(count, static v => v.Value.Get<int>() == 4711);

        await server.SendAsync("killSessions");
        recovery = await log.UntilAsync<RecoveryNotice>();
        Assert.Equal(RecoveryKind.Recreated, recovery.Kind);
        await server.SendAsync("set", new { name = "Count", value = 4712 });
        await log.ValueAsync(count, static v => v.Value.Get<int>() == 4712);
    }

    [Fact]
    public async Task A_subscription_that_the_server_lost_is_made_anew_on_the_same_session()
    {
        await using var client = await ConnectAsync(place.Options(server.Url));
        await using var subscription = await client.SubscribeAsync(Fast);
        var (count, log) = await WatchCountAsync(client, subscription);

        await server.SendAsync("killSubscriptions");
        var recovery = await log.UntilAsync<RecoveryNotice>();
        Assert.Equal(RecoveryKind.Recreated, recovery.Kind);
        await server.SendAsync("set", new { name = "Count", value = 4711 });
        await log.ValueAsync(count, static v => v.Value.Get<int>() == 4711);
        Assert.Equal(1, (await server.SendAsync("sessions")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Behind_a_network_that_swallows_everything_nothing_that_the_server_kept_is_missing()
    {
        await using var proxy = new TcpProxy(server.Port);
        await using var client = await ConnectAsync(
            place.Options(new Uri($"opc.tcp://127.0.0.1:{proxy.Port}/peer"), SecurityPolicy.Aes256Sha256RsaPss,
                MessageSecurityMode.SignAndEncrypt));
        await using var subscription = await client.SubscribeAsync(Fast);
        var (count, log) = await WatchCountAsync(client, subscription, queue: 2000);
        await server.SendAsync("ramp", new { interval = 300 }); // the server samples every 50 ms and misses none
        await log.ValueAsync(count, static v => v.Value.Get<int>() == 5);

        proxy.Swallow();
        await UntilAsync(() => client.State == ClientState.Reconnecting);
        proxy.Pass();
        var back = TimeProvider.System.GetTimestamp();
        var recovery = await log.UntilAsync<RecoveryNotice>();

        Assert.True(TimeProvider.System.GetElapsedTime(back) < Soon);
        Assert.Equal(RecoveryKind.Resumed, recovery.Kind);
        var last = log.ValuesOf<int>(count).Last() + 10;
        await log.ValueAsync(count, v => v.Value.Get<int>() >= last);
        Assert.DoesNotContain(log.All, static n => n is GapNotice);
        var values = log.ValuesOf<int>(count).SkipWhile(static v => v != 1).ToArray();
        Assert.Equal(Enumerable.Range(1, values.Length), values);
    }

    [Fact]
    public async Task A_new_certificate_of_the_server_is_judged_anew()
    {
        await using var client = await ConnectAsync(
            place.Options(server.Url, SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt));
        await using var subscription = await client.SubscribeAsync(Fast);
        var (count, log) = await WatchCountAsync(client, subscription);

        await server.KillAsync();
        await server.StartAsync(new { certificates = "b" });
        await server.SendAsync("trust", new { file = place.CertificateFile });
        await UntilAsync(() => client.LastFailure?.Status == StatusCodes.BadCertificateUntrusted);
        place.Trust(server.CertificateFile("b"));
        var back = TimeProvider.System.GetTimestamp();
        await log.UntilAsync<RecoveryNotice>();

        Assert.True(TimeProvider.System.GetElapsedTime(back) < Soon);
        await server.SendAsync("set", new { name = "Count", value = 4711 });
        await log.ValueAsync(count, static v => v.Value.Get<int>() == 4711);
    }

    private static SubscriptionOptions Fast => new()
    {
        PublishingInterval = TimeSpan.FromMilliseconds(100),
        KeepAlive = TimeSpan.FromSeconds(1),
        Lifetime = TimeSpan.FromMinutes(2),
    };

    private static async Task<(ClientItem Count, NoticeLog Log)> WatchCountAsync(
        OpcUaClient client, ClientSubscription subscription, uint queue = 1)
    {
        var items = await subscription.AddAsync(
        [
            new ItemOptions
            {
                Node = new NodeId((ushort)client.Namespaces!.IndexOf("urn:peer:plant"), "Count"),
                QueueSize = queue,
                SamplingInterval = TimeSpan.Zero,
            },
        ]);
        var log = new NoticeLog(subscription);
        await log.ValueAsync(items[0], static v => v.Value.Get<int>() == 7);
        return (items[0], log);
    }

    private static async Task<OpcUaClient> ConnectAsync(OpcUaClientOptions options)
    {
        var client = new OpcUaClient(options, TimeProvider.System, NullLogger.Instance);
        await client.ConnectAsync();
        return client;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds()) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
    }
}
