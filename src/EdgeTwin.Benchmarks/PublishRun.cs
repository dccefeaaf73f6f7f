using System.Diagnostics;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Benchmarks;

/// <summary>Publishes as fast as a window allows and counts what was acknowledged. Each acknowledgement adds the next
/// message; what one read of the socket brought leaves with one write.</summary>
internal sealed class PublishRun : IMqttPublishObserver
{
    private const int MostRoundTrips = 1_000_000;
    private static readonly byte[] Topic = "bench/t"u8.ToArray();
    private readonly MqttClient client;
    private readonly byte[] payload;
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<double> roundTrips;
    private long deadline;
    private long inFlight;
    private long acknowledged;
    private long sentAt;

    /// <param name="client">A connected client.</param>
    /// <param name="size">Bytes of a message.</param>
    /// <param name="isTimed">Round trips are timed; only with a window of one.</param>
    public PublishRun(MqttClient client, int size, bool isTimed)
    {
        this.client = client;
        roundTrips = new List<double>(isTimed ? MostRoundTrips : 0);
        payload = new byte[size];
        payload.AsSpan().Fill((byte)'x');
    }

    /// <summary>Messages per second, µs of this process per message, and the median round trip in µs where it is
    /// timed.</summary>
    public async Task<(double Rate, double CpuMicroseconds, double RoundTrip)> RunAsync(MqttQos qos, double seconds)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        deadline = began + (long)(seconds * Stopwatch.Frequency);
        var sent = qos == MqttQos.AtMostOnce ? await FireAsync() : await ProveAsync();
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var used = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds;
        var median = roundTrips.Count == 0 ? 0 : roundTrips.Order().ElementAt(roundTrips.Count / 2);
        return (sent / elapsed, used / sent, median);
    }

    public void Acknowledged(long token)
    {
        acknowledged++;
        var now = Stopwatch.GetTimestamp();
        if (roundTrips.Count < roundTrips.Capacity)
            roundTrips.Add(Stopwatch.GetElapsedTime(sentAt, now).TotalMicroseconds);
        if (now < deadline && TryAdd()) return;
        if (Interlocked.Decrement(ref inFlight) == 0) done.TrySetResult();
    }

    public void Refused(long token, MqttException reason) => done.TrySetException(reason);

    public void Lost(long token, MqttException reason) => done.TrySetException(reason);

    // A message with an acknowledgement closes the run: it comes after the broker has taken all before it.
    private async Task<long> FireAsync()
    {
        const int batch = 400;
        var sent = 0L;
        while (Stopwatch.GetTimestamp() < deadline)
        {
            for (var i = 0; i < batch; i++) client.TryPublish(Topic, payload, MqttQos.AtMostOnce, false, null, 0);
            await client.FlushAsync();
            sent += batch;
        }

        await client.PublishAsync("bench/z", payload, MqttQos.AtLeastOnce, false, CancellationToken.None);
        return sent;
    }

    private async Task<long> ProveAsync()
    {
        inFlight = 1; // this method's own, until the window is full
        while (TryAdd()) Interlocked.Increment(ref inFlight);
        await client.FlushAsync();
        if (Interlocked.Decrement(ref inFlight) == 0) done.TrySetResult();
        await done.Task;
        return acknowledged;
    }

    private bool TryAdd()
    {
        sentAt = Stopwatch.GetTimestamp();
        return client.TryPublish(Topic, payload, MqttQos.AtLeastOnce, false, this, 0);
    }
}
