using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EdgeTwin.Tests.Faults;

public sealed class PowerCutTests
{
    /// <summary>The benchmark itself, with fewer rounds; its control with synchronous=NORMAL has to lose, or it proves
    /// nothing.</summary>
    [Fact]
    public async Task Twenty_power_cuts_lose_nothing_that_was_committed_and_the_control_is_caught_losing()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "EdgeTwin.Benchmarks.dll"),
            "power-cut", "--rounds", "20"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        var said = output + await errors;
        var figures = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Where(figure => (string?)figure["unit"] != "ms") // times say how busy the machine is
            .ToDictionary(figure => (string)figure["metric"]!, figure => (bool)figure["ok"]!);
        Assert.True(figures.Values.All(good => good), said);
        Assert.Superset(
            new HashSet<string>
            {
                "committed samples missing",
                "kept state or cursor ahead of the samples",
                "control: samples that synchronous=NORMAL loses",
            },
            figures.Keys.ToHashSet());
    }
}
