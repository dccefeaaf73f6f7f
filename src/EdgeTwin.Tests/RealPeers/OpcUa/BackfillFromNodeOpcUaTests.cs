using System.Collections.Concurrent;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>The gateway's driver and the history of node-opcua's server.</summary>
[Collection(RealTime.Name)]
public sealed class BackfillFromNodeOpcUaTests
{
    // The server forgets the subscription, so that nothing of the outage is in a queue: it is in the history or lost.
    [Fact]
    public async Task What_the_server_recorded_in_an_outage_arrives_once_in_order_with_its_own_times()
    {
        await using var server = await NodeOpcUaServer.LaunchAsync();
        await using var proxy = new TcpProxy(server.Port);
        using var folder = new TemporaryFolder();
        var past = new ConcurrentQueue<int>();
        var inbox = new RecordingInbox
        {
            OnPost = batch =>
            {
                if (!batch.IsHistory) return;
                foreach (var sample in batch.Samples) past.Enqueue((int)sample.Value.AsDouble());
            },
        };
        var context = SourceContexts.Make(
            new OpcUaSourceConfig
            {
                Driver = "opcua",
                Endpoint = new Uri($"opc.tcp://127.0.0.1:{proxy.Port}/peer"),
                Policy = "None",
                Publishing = TimeSpan.FromMilliseconds(100),
                KeepAlive = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(2),
            },
            [SourceContexts.Tag("nsu=urn:peer:plant;s=Stored")], TimeProvider.System, baseFolder: folder.Path);
        using var stop = new CancellationTokenSource();
        var running = new SourceRunner(context, OpcUaSource.Driver, inbox).RunAsync(stop.Token);
        await server.SendAsync("set", new { name = "Stored", value = 1, pause = 50 });
        await UntilAsync(() => Values().Contains(1));

        proxy.Swallow();
        var from = TimeProvider.System.GetUtcNow().UtcDateTime;
        await server.SendAsync("killSessions");
        for (var value = 2; value <= 41; value++)
            await server.SendAsync("set", new { name = "Stored", value, pause = 5 });
        var to = TimeProvider.System.GetUtcNow().UtcDateTime;
        proxy.Pass();
        await UntilAsync(() => Values().Contains(41));
        await server.SendAsync("set", new { name = "Stored", value = 42, pause = 50 });
        await UntilAsync(() => Values().Contains(42));
        await stop.CancelAsync();
        await running;

        var good = inbox.Samples.Where(static s => s.Status.IsGood && s.Value.AsDouble() >= 1).ToArray();
        Assert.Equal(Enumerable.Range(1, 42), good.Select(static s => (int)s.Value.AsDouble()));
        Assert.Equal(Enumerable.Range(2, 39), past); // the last one is how the tag is
        var recorded = good[1..^1].Select(static s => s.SourceTime).ToArray();
        Assert.Equal(recorded.Order(), recorded);
        Assert.InRange(recorded[0], from.AddSeconds(-1), to);
        Assert.InRange(recorded[^1], recorded[0].AddMilliseconds(40 * 4), to.AddSeconds(1));

        int[] Values() =>
            [.. inbox.Samples.Where(static s => s.Status.IsGood).Select(static s => (int)s.Value.AsDouble())];
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }
}
