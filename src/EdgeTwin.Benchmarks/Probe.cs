using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// Both ends of a Modbus → gateway → MQTT path in one process, so that one clock serves both. Prints one JSON line with
/// the time from a Modbus answer to the MQTT message that carries its read number, and the CPU time of the gateway.
/// </summary>
internal static class Probe
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var gateway = int.Parse(arguments.Option("pids")!);
        var seconds = arguments.Option("seconds", 20);
        var marker = Encoding.UTF8.GetBytes(arguments.Option("after") ?? "\"r0\":");
        await using var machine = new ProbeMachine(arguments.Option("mport", 5020));
        var options =
            new MqttClientOptions { Host = "127.0.0.1", Port = arguments.Option("bport", 1883), ClientId = "probe" };
        await using var client = new MqttClient(options, TimeProvider.System);
        await client.ConnectAsync(CancellationToken.None);
        var subscription = await client.SubscribeAsync(arguments.Option("topic") ?? "#", MqttQos.AtMostOnce,
            CancellationToken.None);

        var latencies = new List<double>(1_000_000);
        await ReceiveAsync(machine, subscription, marker, TimeSpan.FromSeconds(arguments.Option("warm", 5)), _ => { });
        var cpu = ProcessFigures.CpuSeconds(gateway);
        var start = TimeProvider.System.GetTimestamp();
        await ReceiveAsync(machine, subscription, marker, TimeSpan.FromSeconds(seconds), latencies.Add);
        var wall = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        latencies.Sort();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            answer_to_mqtt = latencies.Count == 0 ? null : new
            {
                n = latencies.Count,
                p50_ms = latencies[latencies.Count / 2],
                p99_ms =
                    latencies[latencies.Count * 99 / 100],
            },
            pid0_cpu_pct = 100 * (ProcessFigures.CpuSeconds(gateway) - cpu) / wall,
            pid0_rss_mb = ProcessFigures.ResidentMb(gateway),
        }));
    }

    private static async Task ReceiveAsync(
        ProbeMachine machine, MqttSubscription subscription, byte[] marker, TimeSpan duration, Action<double> take)
    {
        using var end = new CancellationTokenSource(duration);
        try
        {
            while (await subscription.Messages.WaitToReadAsync(end.Token))
            {
                while (subscription.Messages.TryRead(out var message))
                {
                    var now = TimeProvider.System.GetTimestamp();
                    var payload = message.Payload.Span;
                    var at = payload.IndexOf(marker);
                    if (at < 0 || !Utf8Parser.TryParse(payload[(at + marker.Length)..], out ushort stamp,
                        out _)) continue;
                    if (machine.AnsweredAt(stamp) is { } answered)
                        take(TimeProvider.System.GetElapsedTime(answered, now).TotalMilliseconds);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up.
        }
    }
}
