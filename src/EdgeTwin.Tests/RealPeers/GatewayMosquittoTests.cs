using System.Diagnostics;
using System.Text.Json;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Tests.Cli;
using EdgeTwin.Tests.Support;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>The whole way: machine, gateway, mosquitto, mosquitto_sub.</summary>
[Collection(RealTime.Name)]
public sealed class GatewayMosquittoTests(ITestOutputHelper log)
{
    [Fact]
    public async Task What_the_demo_calls_delivered_is_what_a_subscriber_got_without_a_gap_and_the_fault_is_noticed()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = new Receiver(broker.Port, "acme/#");
        await SubscribedAsync(broker, receiver);

        // The fault begins 77 s into the recording and is fully there after 138 s; here that is 4 and 7 s.
        var demo = await EdgetwinProcess.RunAsync(
            "demo", "--for", "18s", "--speed", "20", "--broker", $"mqtt://127.0.0.1:{broker.Port}", "--json");
        Assert.True(demo.ExitCode == 0, demo.Errors);
        using var line = JsonDocument.Parse(demo.LastLine);
        long Of(string name) => line.RootElement.GetProperty(name).GetInt64();

        await UntilAsync(() => receiver.Samples >= Of("delivered"));
        log.WriteLine($"{demo.LastLine}; {receiver.Samples} received, {receiver.Duplicates} twice");
        Assert.InRange(Of("delivered"), 1, long.MaxValue);
        Assert.Equal(Of("delivered"), receiver.Samples);
        Assert.Equal(Of("journaled"), Of("delivered") + Of("lag"));
        Assert.Empty(receiver.Gaps());
        Assert.Equal((0L, 0L), (receiver.Duplicates, receiver.Changed));
        Assert.Equal(1, Of("alarmed"));
    }

    /// <summary>Only what is published after the subscription is received; one message that comes shows that it
    /// stands.</summary>
    private static async Task SubscribedAsync(MosquittoBroker broker, Receiver receiver) =>
        await UntilAsync(async () =>
        {
            using var publisher = Process.Start(
                "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "acme/hello", "-m", "no sample"]);
            await publisher.WaitForExitAsync().WaitAsync(RealTime.Patience);
            return receiver.Unreadable > 0;
        });

    private static Task UntilAsync(Func<bool> reached) => UntilAsync(() => Task.FromResult(reached()));

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        var since = Stopwatch.StartNew();
        while (!await reached() && since.Elapsed < RealTime.Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }
}
