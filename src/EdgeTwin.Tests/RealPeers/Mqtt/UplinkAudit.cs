using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Tests.Support;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>Collects the sequences that arrive, and reconnects by itself.</summary>
internal sealed class UplinkAudit : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, int> seen = new();
    private readonly CancellationTokenSource end = new();
    private readonly MqttClient client;
    private readonly MqttSubscription subscription;
    private Task reading = Task.CompletedTask;
    private Task connecting = Task.CompletedTask;
    private volatile bool listening;
    private long newest;

    private UplinkAudit(MqttClientOptions options, MqttQos qos)
    {
        client = new MqttClient(options, TimeProvider.System);
        subscription = client.Prepare(
            new MqttSubscribeOptions { Filter = "acme/#", Qos = qos, Queue = 100_000 });
    }

    public bool IsListening => listening;

    /// <summary>Samples that came for the first time behind a newer one.</summary>
    public int OutOfOrder { get; private set; }

    public int Duplicates => seen.Values.Sum(count => count - 1);

    public static async Task<UplinkAudit> StartAsync(MqttClientOptions options, MqttQos qos)
    {
        var auditor = new UplinkAudit(options, qos);
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

    /// <summary>Sequences that have not come.</summary>
    public IReadOnlyList<long> Gaps(int total) =>
        [.. Enumerable.Range(1, total).Select(sequence => (long)sequence).Where(place => !seen.ContainsKey(place))];

    public async Task UntilAsync(int total)
    {
        var since = Stopwatch.StartNew();
        while (seen.Count < total && since.Elapsed < RealTime.Patience)
        {
            var pause = Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            await await Task.WhenAny(reading, connecting, pause); // the auditor's own fault is told as such
        }
    }

    /// <summary>Waits until the uplink has delivered all, and fails when some of it has not come.</summary>
    public async Task NothingIsMissingAsync(UplinkBench bench, ITestOutputHelper log)
    {
        await bench.DrainedAsync();
        var total = (int)bench.Outbox.Head.Sequence;
        await UntilAsync(total);
        log.WriteLine($"{total} samples, {Duplicates} duplicates, {bench.Pump.Status()}");
        Assert.Equal(0, Missing(total));
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
            if (json.RootElement.ValueKind != JsonValueKind.Array) Note(json.RootElement);
            else foreach (var scan in json.RootElement.EnumerateArray()) Note(scan);
        }
    }

    private void Note(JsonElement scan)
    {
        var first = scan.GetProperty("seq").GetInt64();
        var count = scan.TryGetProperty("count", out var many) ? many.GetInt32() : 1;
        if (count > 1) Assert.Equal(count, scan.GetProperty("values").EnumerateObject().Count());
        for (var sequence = first; sequence < first + count; sequence++)
        {
            if (seen.AddOrUpdate(sequence, 1, static (_, times) => times + 1) > 1) continue;
            if (sequence < newest) OutOfOrder++;
            newest = Math.Max(newest, sequence);
        }
    }
}
