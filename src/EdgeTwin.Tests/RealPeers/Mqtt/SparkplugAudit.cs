using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tests.Mqtt.Sparkplug;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>
/// A primary host that reconnects by itself, is online only while it listens, checks every message with
/// <see cref="HostModel"/> and looks for gaps in what the data says of its place in the journal.
/// </summary>
internal sealed class SparkplugAudit : IAsyncDisposable
{
    private const string HostId = "audit";
    private readonly ConcurrentDictionary<long, int> seen = new();
    private readonly CancellationTokenSource end = new();
    private readonly MqttClient client;
    private readonly MqttSubscription subscription;
    private readonly HostModel host = new("plant", "gw");
    private Task reading = Task.CompletedTask;
    private Task connecting = Task.CompletedTask;
    private long timestamp = 1;

    public SparkplugAudit(int port)
    {
        client = new MqttClient(
            new MqttClientOptions
            {
                Host = "127.0.0.1",
                Port = port,
                ClientId = HostId,
                Will = new MqttWill { Topic = $"spBv1.0/STATE/{HostId}", Payload = State(false, 1), Retain = true },
            },
            TimeProvider.System);
        subscription = client.Prepare(new MqttSubscribeOptions
        {
            Filter = "spBv1.0/plant/#",
            Qos = MqttQos.AtMostOnce,
            Queue = 100_000,
        });
    }

    /// <summary>It hears what is said from now on.</summary>
    public bool IsListening { get; private set; }

    public int Duplicates => seen.Values.Sum(count => count - 1);

    /// <summary>What was wrong with a message; null while all were right.</summary>
    public Exception? Fault { get; private set; }

    public HostModel Host => host;

    public void Start()
    {
        client.StateChanged += (_, change) =>
        {
            if (change.State is MqttConnectionState.Lost) IsListening = false;
        };
        reading = ReadAsync();
        connecting = StayConnectedAsync();
    }

    public int Missing(int total) => Enumerable.Range(1, total).Count(sequence => !seen.ContainsKey(sequence));

    public async Task UntilAsync(int total)
    {
        var since = Stopwatch.StartNew();
        while (seen.Count < total && Fault is null && since.Elapsed < RealTime.Patience)
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
            try
            {
                if (!client.IsConnected)
                {
                    await client.ConnectAsync(end.Token);
                    await client.PublishAsync($"spBv1.0/STATE/{HostId}", State(true, ++timestamp), MqttQos.AtLeastOnce,
                        retain: true, end.Token);
                    IsListening = true;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, end.Token);
            }
            catch (MqttException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var message in subscription.Messages.ReadAllAsync(end.Token))
        {
            try
            {
                Assert.False(message.Retain);
                if (message.Topic.Split('/')[2] is "NCMD" or "DCMD") continue;
                var qos = message.Topic.Split('/')[2] == "NDEATH" ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce;
                host.Take(message.Topic, message.Payload.Span, qos);
                Note(SparkplugReader.Read(message.Payload.Span));
            }
            catch (Exception wrong)
            {
                Fault ??= wrong;
            }
        }
    }

    private void Note(SparkplugPayload payload)
    {
        if (payload.Body is not { } body) return;
        using var json = JsonDocument.Parse(body);
        var first = json.RootElement.GetProperty("seq").GetInt64();
        List<SparkplugMetric> values = [.. payload.Metrics.SelectMany(metric =>
            metric.Value.Template?.Metrics ?? [metric])];
        Assert.Equal(values.Count, json.RootElement.GetProperty("count").GetInt32());
        for (var i = 0; i < values.Count; i++)
        {
            Assert.Equal(first + i - 1, (long)values[i].Value.Bits); // what the bench puts in
            seen.AddOrUpdate(first + i, 1, static (_, times) => times + 1);
        }
    }

    private static byte[] State(bool online, long timestamp) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{{\"online\":{(online ? "true" : "false")},\"timestamp\":{timestamp}}}"));
}
