using System.Diagnostics;
using System.Text.Json;
using EdgeTwin.Journal;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Support;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Cli;

/// <summary>The demo as the read-me shows it, on a machine where no broker is.</summary>
[Collection(RealTime.Name)]
public sealed class DemoTests(ITestOutputHelper log) : IDisposable
{
    // Nobody listens on the discard port.
    private const string NoBroker = "mqtt://127.0.0.1:9";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_reads_remembers_and_predicts_without_a_broker_and_ends_by_itself()
    {
        var demo = await EdgetwinProcess.RunAsync(
            "demo", "--for", "8s", "--speed", "20", "--broker", NoBroker, "--json");
        Assert.True(demo.ExitCode == 0, demo.Errors);
        log.WriteLine(demo.LastLine);
        using var line = JsonDocument.Parse(demo.LastLine);
        Assert.All(
            (string[])["read", "journaled", "predicted", "lag"],
            name => Assert.True(line.RootElement.GetProperty(name).GetInt64() > 0, $"{name}: {demo.LastLine}"));
        Assert.Equal(0, line.RootElement.GetProperty("delivered").GetInt64());
    }

    [Fact]
    public async Task Ctrl_C_ends_it_at_once_and_all_that_it_counted_is_in_the_history()
    {
        await using var demo = EdgetwinProcess.Start(
            "demo", "--speed", "20", "--broker", NoBroker, "--json", "--data", folder.Path);
        await demo.LogsAsync("Gateway demo runs");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);

        await demo.InterruptAsync();
        var since = Stopwatch.StartNew();
        var ended = await demo.EndAsync();
        var took = since.Elapsed;
        log.WriteLine($"{took.TotalSeconds:0.00} s, {ended.LastLine}");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.InRange(took.TotalSeconds, 0, 30); // promised in 2, and room for a busy machine

        using var line = JsonDocument.Parse(ended.LastLine);
        var data = Path.Combine(folder.Path, "data");
        using var journal = JournalReader.OpenReadOnly(data);
        var kept = journal.Tags.ToDictionary(
            tag => tag.Name, tag => journal.ReadRaw(tag.Name, DateTime.MinValue, DateTime.MaxValue).Count);
        Assert.InRange(kept.Values.Sum(), 1, int.MaxValue);
        Assert.Equal(line.RootElement.GetProperty("journaled").GetInt64(), kept.Values.Sum());

        var history = await EdgetwinProcess.RunAsync("history", "--data", data, "--tag", "flow");
        Assert.Equal(0, history.ExitCode);
        Assert.Equal(kept["flow"], history.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }
}
