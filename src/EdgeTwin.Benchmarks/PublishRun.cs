using System.Diagnostics;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Benchmarks;

/// <summary>Publishes as fast as a window allows and counts what was acknowledged.</summary>
internal sealed class PublishRun : IMqttPublishObserver
{
    private static readonly byte[] Topic = "bench/t"u8.ToArray();
    private readonly MqttClient client;
    private readonly byte[] payload;
    private readonly SemaphoreSlim wake = new(0);
    private readonly List<double> roundTrips = [];
    private readonly bool isTimed;
    private long acknowledged;
    private int waiting;
    private long sentAt;

    public PublishRun(MqttClient client, int size, bool isTimed)
    {
        this.client = client;
        this.isTimed = isTimed;
        payload = new byte[size];
        payload.AsSpan().Fill((byte)'x');
    }

    /// <summary>Messages per second, µs of this process per message, and the median round trip in µs where it is
    /// timed.</summary>
    public async Task<(double Rate, double CpuMicroseconds, double RoundTrip)> RunAsync(MqttQos qos, double seconds)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        var sent = qos == MqttQos.AtMostOnce ? await FireAsync(seconds, began) : await ProveAsync(seconds, began);
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var used = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds;
        var median = roundTrips.Count == 0 ? 0 : roundTrips.Order().ElementAt(roundTrips.Count / 2);
        return (sent / elapsed, used / sent, median);
    }

    public void Acknowledged(long token)
    {
        if (isTimed) roundTrips.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref sentAt)).TotalMicroseconds);
        Interlocked.Increment(ref acknowledged);
        if (Interlocked.Exchange(ref waiting, 0) == 1) wake.Release();
    }

    public void Refused(long token, MqttException reason) =>
        throw new InvalidOperationException($"the broker did not take a message: {reason.Message}");

    public void Lost(long token, MqttException reason) =>
        throw new InvalidOperationException($"the broker went away: {reason.Message}");

    // A message with an acknowledgement closes the run: it comes after the broker has taken all before it.
    private async Task<long> FireAsync(double seconds, long began)
    {
        var sent = 0L;
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            for (var i = 0; i < 400; i++) client.TryPublish(Topic, payload, MqttQos.AtMostOnce, false, null, 0);
            await client.FlushAsync();
            sent += 400;
        }

        await client.PublishAsync("bench/z", payload, MqttQos.AtLeastOnce, false, CancellationToken.None);
        return sent;
    }

    private async Task<long> ProveAsync(double seconds, long began)
    {
        var sent = 0L;
        while (true)
        {
            var more = Stopwatch.GetElapsedTime(began).TotalSeconds < seconds;
            if (!more && Interlocked.Read(ref acknowledged) == sent) return sent;
            var any = false;
            if (isTimed) Volatile.Write(ref sentAt, Stopwatch.GetTimestamp());
            while (more && client.TryPublish(Topic, payload, MqttQos.AtLeastOnce, false, this, 0))
            {
                sent++;
                any = true;
            }

            if (any) await client.FlushAsync();
            Interlocked.Exchange(ref waiting, 1);
            if (Interlocked.Read(ref acknowledged) < sent) await wake.WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }
}
