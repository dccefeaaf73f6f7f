using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Upstream.Audit;

namespace EdgeTwin.Benchmarks.Fleet;

/// <summary>An auditor with a session that the brokers keep: reconnects, to another node where its own is away, and
/// notes every (gateway, epoch, seq).</summary>
internal sealed class FleetReceiver : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly IReadOnlyList<Uri> brokers;
    private readonly string id;
    private readonly Dictionary<(string Gateway, long Epoch), PlaceSet> places = [];
    private readonly Lock guard = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task running;

    public FleetReceiver(string id, IReadOnlyList<Uri> brokers)
    {
        (this.id, this.brokers) = (id, brokers);
        running = RunAsync();
    }

    /// <summary>Its session exists: from now on the brokers keep what it does not get.</summary>
    public Task Ready => ready.Task;

    public long Duplicates { get; private set; }

    public int Connections { get; private set; }

    public long Received
    {
        get
        {
            lock (guard) return places.Values.Sum(set => set.Count);
        }
    }

    /// <summary>How many of a gateway's samples, 1 to its last, did not come.</summary>
    public long Missing(string gateway, long appended)
    {
        lock (guard)
        {
            return appended - places.Where(pair => pair.Key.Gateway == gateway)
                .Sum(pair => pair.Value.CountIn(1, appended));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var at = 0; !stop.IsCancellationRequested; at++)
        {
            try
            {
                await ListenAsync(brokers[at % brokers.Count]);
            }
            catch (MqttException away)
            {
                await Console.Error.WriteLineAsync($"{id}: {away.Message}");
                await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(Uri broker)
    {
        await using var client = new MqttClient(
            new MqttClientOptions
            {
                Host = broker.Host,
                Port = broker.Port,
                ClientId = id,
                CleanSession = false,
                KeepAlive = TimeSpan.FromSeconds(5),
            },
            TimeProvider.System);
        // Small: what is acknowledged and lies here when the connection goes is still read below, to the last.
        var subscription = client.Prepare(new MqttSubscribeOptions { Filter = "fleet/+/data", Queue = 100 });
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, change) =>
        {
            if (change.State is MqttConnectionState.Lost) lost.TrySetResult();
        };
        await client.ConnectAsync(stop.Token);
        Connections++;
        ready.TrySetResult();
        while (await NextAsync(subscription, lost.Task)) Take(subscription);
        await client.DisposeAsync();
        Take(subscription);
    }

    private async Task<bool> NextAsync(MqttSubscription subscription, Task lost)
    {
        var next = subscription.Messages.WaitToReadAsync(stop.Token).AsTask();
        if (await Task.WhenAny(next, lost) == lost) return false;
        return await next;
    }

    private void Take(MqttSubscription subscription)
    {
        while (subscription.Messages.TryRead(out var message))
        {
            using var json = JsonDocument.Parse(message.Payload);
            var epoch = json.RootElement.GetProperty("epoch").GetInt64();
            var first = json.RootElement.GetProperty("seq").GetInt64();
            var count = json.RootElement.GetProperty("count").GetInt64();
            var key = (message.Topic.Split('/')[1], epoch);
            lock (guard)
            {
                if (!places.TryGetValue(key, out var set)) places.Add(key, set = new PlaceSet());
                for (var i = 0L; i < count; i++)
                    if (!set.Add(first + i)) Duplicates++;
            }
        }
    }
}
