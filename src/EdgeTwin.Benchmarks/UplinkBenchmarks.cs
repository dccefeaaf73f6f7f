using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Journal;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks;

/// <summary>How fast the way to a broker is, and what a message costs.</summary>
internal static class UplinkBenchmarks
{
    private const int Size = 100;
    private const int TagCount = 100;

    /// <summary>To a mosquitto on this machine; with <c>--raw BINARY</c> a client without any library beside it, in
    /// turns.</summary>
    public static async Task ThroughputAsync(BenchmarkArguments arguments)
    {
        var seconds = arguments.Option("seconds", 4);
        var folder = Directory.CreateTempSubdirectory("edgetwin-throughput-").FullName;
        try
        {
            await using var broker = await Mosquitto.StartAsync(folder);
            var report = arguments.Report;
            await ProvenAsync(broker, arguments.Option("raw"), seconds, report);
            await OnceAsync(broker, seconds, report);
            await RoundTripAsync(broker, arguments.Option("raw"), seconds, report);
            await BatchedAsync(broker, seconds, report);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Bytes that a message costs the collector in steady state, in each form and in the codec.</summary>
    public static async Task AllocationAsync(BenchmarkArguments arguments)
    {
        var tags = BenchTags.Of(TagCount);
        var context = new UplinkContext("acme/x", "gw", tags, TimeProvider.System, ".");
        var scan = Scan(DateTime.UnixEpoch);
        long[] places = [.. Enumerable.Range(1, TagCount)];
        var perTag = Config(1, "{asset.path}/{tag}", 100);
        var shared = perTag with { Topic = "{asset.path}/data" };
        (string Name, MqttUplinkConfig Config)[] forms =
        [
            ("tag", perTag), ("scan", shared), ("asset", shared with { Format = PayloadForm.Asset }),
            ("batch", shared with { Batch = new BatchConfig() }),
            ("own", perTag with { Payload = """{"v":{value},"t":"{time}","u":"{unit}","s":{seq}}""" }),
        ];
        foreach (var (name, config) in forms)
        {
            var format = PayloadFormats.Create(config, context);
            var payload = new Utf8Payload();
            var bytes = Measure(() =>
            {
                payload.Clear();
                format.Encode(new SampleRun(1, places, scan, isHistory: false), payload, out _);
            });
            arguments.Report.AtMost($"allocated per message, form {name}", bytes, "bytes", 0, "100,000 messages");
        }

        var folder = Directory.CreateTempSubdirectory("edgetwin-allocation-").FullName;
        await using (var broker = await Mosquitto.StartAsync(folder))
        {
            await PublishAsync(broker, MqttQos.AtLeastOnce, 100, 1);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var (rate, _, _) = await PublishAsync(broker, MqttQos.AtLeastOnce, 100, 4);
            var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (rate * 4);
            arguments.Report.AtMost("allocated per message, published with QoS 1", bytes, "bytes", 0.5,
                "whole process over 4 s, with connecting and disconnecting, which is why it is not quite 0");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task ProvenAsync(Mosquitto broker, string? raw, int seconds, Report report)
    {
        var conditions = $"QoS 1, window 100, {Size} bytes, {seconds} s";
        await PublishAsync(broker, MqttQos.AtLeastOnce, 100, 1); // warms up
        var (rate, cpu, _) = await PublishAsync(broker, MqttQos.AtLeastOnce, 100, seconds);
        report.AtMost("processor time a message, QoS 1", cpu, "µs", 10, conditions);
        if (raw is null)
        {
            report.Note("messages a second, QoS 1", rate, "messages/s", conditions);
            return;
        }

        var (ceiling, _) = await RawAsync(raw, broker, 1, 100, seconds);
        var (again, _, _) = await PublishAsync(broker, MqttQos.AtLeastOnce, 100, seconds);
        report.Note("messages a second of the raw client, QoS 1", ceiling, "messages/s", conditions);
        report.AtLeast("messages a second, QoS 1", Math.Max(rate, again), "messages/s", 0.95 * ceiling,
            conditions + ", at least 0.95 of the raw client");
    }

    private static async Task OnceAsync(Mosquitto broker, int seconds, Report report)
    {
        await PublishAsync(broker, MqttQos.AtMostOnce, 100, 1);
        var (rate, cpu, _) = await PublishAsync(broker, MqttQos.AtMostOnce, 100, seconds);
        report.AtLeast("messages a second, QoS 0", rate, "messages/s", 170_000, $"{Size} bytes");
        report.AtMost("processor time a message, QoS 0", cpu, "µs", 4, $"{Size} bytes");
    }

    private static async Task RoundTripAsync(Mosquitto broker, string? raw, int seconds, Report report)
    {
        var (_, _, median) = await PublishAsync(broker, MqttQos.AtLeastOnce, 1, seconds);
        if (raw is null)
        {
            report.Note("round trip p50, QoS 1, one at a time", median, "µs", $"{Size} bytes");
            return;
        }

        var (_, ceiling) = await RawAsync(raw, broker, 1, 1, seconds);
        report.AtMost("round trip p50, QoS 1, one at a time", median, "µs", 1.3 * ceiling,
            $"{Size} bytes, at most 1.3 of the raw client's {ceiling:0.0} µs");
    }

    /// <summary>From the journal's tail to a subscriber at the other side of the broker.</summary>
    private static async Task BatchedAsync(Mosquitto broker, int seconds, Report report)
    {
        var folder = Directory.CreateTempSubdirectory("edgetwin-batched-").FullName;
        var tags = BenchTags.Of(TagCount);
        var received = 0L;
        await using var subscriber = await RawSubscriber.StartAsync(broker.Port, "acme/#", (payload, _) =>
            Interlocked.Add(ref received, SamplesIn(payload)));
        var journal = SampleJournal.Open(folder, new JournalConfig(), tags, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var config = Config(broker.Port, "{asset.path}/data", 20) with { Batch = new BatchConfig() };
        var uplink = UplinkCatalog.Create(config, new UplinkContext("acme/x", "gw", tags, TimeProvider.System, "."));
        var pump = new UplinkPump("site", uplink, journal.OpenOutbox("site"), UplinkPlan.From(config, tags),
            TimeProvider.System, Random.Shared, NullLogger.Instance);
        var running = journal.RunAsync(stop.Token);
        pump.Start();
        var began = Stopwatch.GetTimestamp();
        var appended = 0L;
        var time = DateTime.UnixEpoch;
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            // As much as the uplink takes: what is ahead of it stays within the tail, as in a gateway that keeps up.
            if (appended - pump.Status().Acknowledged > SampleTail.DefaultCapacity / 2)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                continue;
            }

            time += TimeSpan.FromMilliseconds(100);
            while (!journal.TryAppend(Scan(time))) await journal.WaitForRoomAsync(TagCount, CancellationToken.None);
            appended += TagCount;
        }

        while (Interlocked.Read(ref received) < appended && Stopwatch.GetElapsedTime(began).TotalSeconds < 3 * seconds)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        report.AtLeast("samples a second from journal to subscriber, batched", received / elapsed, "samples/s", 300_000,
            $"{received} of {appended} samples received; batches of 1000, scans of {TagCount}, one machine does all");
        await pump.DisposeAsync();
        await stop.CancelAsync();
        await running;
        journal.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // The sum of what the scans of a batch say of themselves.
    private static long SamplesIn(ReadOnlySpan<byte> batch)
    {
        var sum = 0L;
        while (batch.IndexOf("\"count\":"u8) is var at and >= 0)
        {
            batch = batch[(at + 8)..];
            if (Utf8Parser.TryParse(batch, out int count, out _)) sum += count;
        }

        return sum;
    }

    private static async Task<(double Rate, double Cpu, double RoundTrip)> PublishAsync(
        Mosquitto broker, MqttQos qos, int window, int seconds)
    {
        await using var client = new MqttClient(
            new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "bench", Window = window },
            TimeProvider.System);
        await client.ConnectAsync(CancellationToken.None);
        var result = await new PublishRun(client, Size, isTimed: window == 1).RunAsync(qos, seconds);
        await client.DisconnectAsync(TimeSpan.FromSeconds(1));
        return result;
    }

    private static async Task<(double Rate, double RoundTrip)> RawAsync(
        string binary, Mosquitto broker, int qos, int window, int seconds)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        var line = await ChildProcess.RunAsync(binary, "--port", Text(broker.Port), "--qos", Text(qos), "--size",
            Text(Size), "--window", Text(window), "--seconds", Text(seconds));
        using var result = JsonDocument.Parse(line);
        return (result.RootElement.GetProperty("msgs_per_s").GetDouble(),
            result.RootElement.TryGetProperty("ack_p50_us", out var median) ? median.GetDouble() : 0);
    }

    private static MqttUplinkConfig Config(int port, string topic, int window) => new()
    {
        Driver = "mqtt",
        Endpoint = new Uri($"mqtt://127.0.0.1:{port}"),
        Topic = topic,
        Window = window,
    };

    private static Sample[] Scan(DateTime time) =>
    [
        .. Enumerable.Range(0, TagCount).Select(tag => new Sample(new TagId(tag),
            TagValue.From(tag + time.Ticks % 997 / 100.0), StatusCode.Good, time, time, ClockState.Synchronised)),
    ];

    private static double Measure(Action message)
    {
        const int Messages = 100_000;
        for (var i = 0; i < 1000; i++) message();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Messages; i++) message();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Messages;
    }
}
