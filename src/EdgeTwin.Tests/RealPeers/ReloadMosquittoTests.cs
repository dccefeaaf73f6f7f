using System.Diagnostics;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Journal;
using EdgeTwin.Tests.Cli;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Support;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>Reloads of the program, as people ask for them, while it feeds a real broker.</summary>
[Collection(RealTime.Name)]
public sealed class ReloadMosquittoTests(ITestOutputHelper log) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task No_sample_is_lost_over_reloads_by_signal_and_by_verb()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var receiver = new Receiver(broker.Port, "acme/#");
        var config = Write(broker.Port, "flow: pump.flow", "level: tank.level");
        await using var gateway = EdgetwinProcess.Start("run", "--config", config);
        await GrowsAsync(receiver);

        Write(broker.Port, "flow: pump.flow", "level: tank.level", "speed: drive.speed");
        await gateway.SignalAsync("HUP");
        await gateway.LogsAsync("New configuration: 3 tags, 1 of them new, 0 gone");
        await GrowsAsync(receiver);

        Write(broker.Port, "flow: pump.flow", "speed: drive.speed");
        var reload = await EdgetwinProcess.RunAsync("reload", "--config", config);
        Assert.True(reload.ExitCode == 0, reload.Errors);
        Assert.Equal("  gone  level", reload.LastLine);
        await GrowsAsync(receiver);

        Write(broker.Port, "flow: pump.flood");
        var refused = await EdgetwinProcess.RunAsync("reload", "--data", Path.Combine(folder.Path, "data"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("edgetwin.yaml:", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("the old configuration goes on", refused.Errors, StringComparison.Ordinal);
        await GrowsAsync(receiver);

        await gateway.InterruptAsync();
        Assert.Equal(0, (await gateway.EndAsync()).ExitCode);
        var kept = Kept();
        var since = Stopwatch.StartNew();
        while (receiver.Samples < kept.Count && since.Elapsed < RealTime.Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var received = receiver.Snapshot();
        log.WriteLine($"{received.Count} received of {kept.Count} kept, {receiver.Duplicates} twice, epochs "
            + string.Join(' ', received.Keys.Select(key => key.Epoch).Distinct().Order()));
        Assert.Empty(receiver.Gaps());
        Assert.Equal((kept.Count, 0L, 0L), (received.Count, receiver.Duplicates, receiver.Changed));
        Assert.Equal(3, received.Keys.Select(key => key.Epoch).Distinct().Count());
    }

    private List<HistorySample> Kept()
    {
        using var journal = JournalReader.OpenReadOnly(Path.Combine(folder.Path, "data"));
        return [.. journal.Tags.SelectMany(tag => journal.ReadRaw(tag.Name, DateTime.MinValue, DateTime.MaxValue))];
    }

    private static async Task GrowsAsync(Receiver receiver)
    {
        var (before, since) = (receiver.Samples, Stopwatch.StartNew());
        while (receiver.Samples < before + 100)
        {
            Assert.True(since.Elapsed < RealTime.Patience, $"{receiver.Samples} samples arrived");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private string Write(int broker, params string[] tags) => folder.Write("edgetwin.yaml", $$"""
        gateway: { id: reload, data: ./data }
        asset: { path: acme/pump-7 }
        sources:
          plant: { driver: simulation, scan: 20ms, seed: 1, noise: 0.01 }
        uplinks:
          site: { driver: mqtt, endpoint: "mqtt://127.0.0.1:{{broker}}" }
        tags:
        {{string.Join('\n', tags.Select(tag => tag.Split(": ") is [var name, var address]
            ? $"  {name}: {{ source: plant, address: {address}, type: float32 }}" : ""))}}

        """);
}
