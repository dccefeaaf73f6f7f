using System.Diagnostics;

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
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("20 cuts", output);
        Assert.Contains("control", output);
    }
}
