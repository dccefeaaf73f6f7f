using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Upstream;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>The whole uplink against mosquitto, with an auditor that looks for gaps in (epoch, seq).</summary>
public class MosquittoUplinkTests(ITestOutputHelper log)
{
    private const int Rounds = 60;
    private const int PerRound = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("{asset.path}/data", true, "3.1.1")]
    [InlineData("{asset.path}/tags/{tag}", true, "5")]
    [InlineData("{asset.path}/data", false, "3.1.1")]
    public async Task A_broker_that_is_killed_twice_leaves_no_gap(string topic, bool liveFirst, string protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        // QoS 0: mosquitto passes a message on before it acknowledges it, so a kill loses nothing that it acknowledged.
        await using var audit =
            await Auditor.StartAsync(MosquittoClientTests.Options(broker, "audit"), MqttQos.AtMostOnce);
        var bench = new Bench(broker, topic, liveFirst ? DrainOrder.LiveFirst : DrainOrder.HistoryFirst, () =>
            audit.IsListening, protocol);
        await using var pump = bench.Pump;
        for (var round = 0; round < Rounds; round++)
        {
            await bench.AppendAsync(PerRound);
            if (round is not (15 or 35)) continue;
            await broker.KillAsync();
            for (var away = 0; away < 10; away++) await bench.AppendAsync(PerRound);
            await broker.StartAsync();
        }
        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await audit.UntilAsync(total);
        log.WriteLine($"{total} samples, {audit.Duplicates} duplicates, {pump.Status()}");
        Assert.Equal(0, audit.Missing(total));
        Assert.True(audit.Duplicates <= pump.Status().Resent,
            $"{audit.Duplicates} duplicates, {pump.Status().Resent} were in flight");
    }

    [Fact]
    public async Task A_broker_that_restarts_with_persistence_leaves_no_gap_for_a_kept_session()
    {
        await using var broker = await MosquittoBroker.StartAsync("""
            allow_anonymous true
            persistence true
            persistence_location FOLDER/
            """);
        await using var audit = await Auditor.StartAsync(
            MosquittoClientTests.Options(broker, "audit") with { CleanSession = false }, MqttQos.AtLeastOnce);
        var bench = new Bench(broker, "{asset.path}/data", DrainOrder.LiveFirst, () => true);
        await using var pump = bench.Pump;
        for (var round = 0; round < Rounds; round++)
        {
            await bench.AppendAsync(PerRound);
            if (round != 20) continue;
            await broker.StopAsync();
            for (var away = 0; away < 10; away++) await bench.AppendAsync(PerRound);
            await broker.StartAsync();
        }
        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await audit.UntilAsync(total);
        Assert.Equal(0, audit.Missing(total));
    }

    [Fact]
    public async Task A_soft_stop_is_quick_and_the_gateway_says_offline()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = new MqttClient(MosquittoClientTests.Options(broker, "r"), TimeProvider.System);
        await receiver.ConnectAsync(default);
        var status = await receiver.SubscribeAsync("acme/pump-7/$gateway", MqttQos.AtLeastOnce, default);
        var bench = new Bench(broker, "{asset.path}/data", DrainOrder.LiveFirst, () => true);
        await using var pump = bench.Pump;
        Assert.Equal("online", await TextAsync());
        await bench.AppendAsync(1000);
        var since = Stopwatch.StartNew();
        await pump.StopAsync(TimeSpan.FromSeconds(0.7));
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 3); // under a second, and room for a busy machine
        Assert.Equal("offline", await TextAsync());
        Assert.Equal(1000, bench.Outbox.Cursor.Sequence);

        async Task<string> TextAsync() =>
            Encoding.UTF8.GetString((await status.Messages.ReadAsync().AsTask().WaitAsync(Patience)).Payload.Span);
    }

    private sealed class Bench
    {
        public Bench(MosquittoBroker broker, string topic, DrainOrder order, Func<bool> mayConnect,
            string protocol = "3.1.1")
        {
            var tags = new TagTable();
            for (var i = 0; i < 10; i++)
            {
                tags.Add(id => new TagDefinition
                {
                    Id = id,
                    Name = $"r{id.Index}",
                    Type = TagDataType.Int64,
                    Origin = new TagOrigin.Source("plc", "holding:0"),
                });
            }
            var config = new MqttUplinkConfig
            {
                Driver = "mqtt",
                Endpoint = new Uri($"mqtt://127.0.0.1:{broker.Port}"),
                Topic = topic,
                Protocol = protocol,
                Window = 50,
            };
            var uplink =
                UplinkCatalog.Create(config, new UplinkContext("acme/pump-7", "gw", tags, TimeProvider.System, "."));
            Pump = new UplinkPump("site", new GatedUplink(uplink, mayConnect), Outbox, new UplinkPlan(order),
                TimeProvider.System, new Random(1),
                NullLogger.Instance);
            Pump.Start();
        }

        public FakeOutbox Outbox { get; } = new(new FakeDisk());

        public UplinkPump Pump { get; }

        public async Task AppendAsync(int count)
        {
            Outbox.Append(count, TimeProvider.System.GetUtcNow().UtcDateTime);
            Outbox.Commit();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        public async Task DrainedAsync()
        {
            var since = Stopwatch.StartNew();
            while (Outbox.Cursor != Outbox.Head)
            {
                Assert.True(since.Elapsed < Patience, $"not drained: {Pump.Status()}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    /// <summary>Lets the uplink connect only while the auditor listens, for what nobody hears is lost at QoS
    /// 0.</summary>
    private sealed class GatedUplink(IUplink inner, Func<bool> open) : IUplink
    {
        public string Target => inner.Target;

        public int Window => inner.Window;

        public Task ConnectAsync(IUplinkObserver observer, CancellationToken cancellation) => open()
            ? inner.ConnectAsync(observer, cancellation)
            : throw new UplinkException("the auditor is not there yet");

        public int TrySend(SampleRun run, long token) => inner.TrySend(run, token);

        public ValueTask FlushAsync() => inner.FlushAsync();

        public Task DisconnectAsync(TimeSpan patience) => inner.DisconnectAsync(patience);

        public void Abort() => inner.Abort();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Collects the sequences that arrive, and reconnects by itself.</summary>
    private sealed class Auditor : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<long, int> seen = new();
        private readonly CancellationTokenSource end = new();
        private readonly MqttClient client;
        private readonly MqttSubscription subscription;
        private Task reading = Task.CompletedTask;
        private Task connecting = Task.CompletedTask;
        private volatile bool listening;

        private Auditor(MqttClientOptions options, MqttQos qos)
        {
            client = new MqttClient(options, TimeProvider.System);
            subscription = client.Prepare(
                new MqttSubscribeOptions { Filter = "acme/pump-7/#", Qos = qos, Queue = 100_000 });
        }

        public bool IsListening => listening;

        public int Duplicates => seen.Values.Sum(count => count - 1);

        public static async Task<Auditor> StartAsync(MqttClientOptions options, MqttQos qos)
        {
            var auditor = new Auditor(options, qos);
            await auditor.client.ConnectAsync(default);
            auditor.listening = true;
            auditor.client.StateChanged += (_, change) =>
            {
                if (change.State is MqttConnectionState.Lost) auditor.listening = false;
            };
            auditor.reading = auditor.ReadAsync();
            auditor.connecting = auditor.StayConnectedAsync();
            return auditor;
        }

        public int Missing(int total) => Enumerable.Range(1, total).Count(sequence => !seen.ContainsKey(sequence));

        public async Task UntilAsync(int total)
        {
            var since = Stopwatch.StartNew();
            while (seen.Count < total && since.Elapsed < TimeSpan.FromSeconds(20))
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await client.DisposeAsync();
            await Task.WhenAny(Task.WhenAll(reading, connecting));
            end.Dispose();
        }

        private async Task StayConnectedAsync()
        {
            while (!end.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
                if (client.IsConnected || end.IsCancellationRequested) continue;
                try
                {
                    await client.ConnectAsync(end.Token);
                    listening = client.IsConnected;
                }
                catch (MqttException)
                {
                    continue; // not there yet
                }
            }
        }

        private async Task ReadAsync()
        {
            await foreach (var message in subscription.Messages.ReadAllAsync(end.Token))
            {
                if (message.Topic.EndsWith("$gateway", StringComparison.Ordinal)) continue;
                using var json = JsonDocument.Parse(message.Payload);
                var first = json.RootElement.GetProperty("seq").GetInt64();
                var count = json.RootElement.TryGetProperty("count", out var many) ? many.GetInt32() : 1;
                if (count > 1) Assert.Equal(count, json.RootElement.GetProperty("values").EnumerateObject().Count());
                for (var i = 0; i < count; i++) seen.AddOrUpdate(first + i, 1, static (_, times) => times + 1);
            }
        }
    }
}
