using System.Diagnostics;
using EdgeTwin.Benchmarks.PowerCut;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// Cuts the power of a writing journal again and again, and checks what the disk holds; the same with
/// <c>synchronous=NORMAL</c> has to be caught losing, or the check would prove nothing.
/// </summary>
internal static class PowerCutBenchmark
{
    // What a loaded machine may add between an append and the line that says so.
    private static readonly TimeSpan Scheduling = TimeSpan.FromMilliseconds(1500);

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var rounds = arguments.Option("rounds", 200);
        var seed = arguments.Option("seed", 1);
        var random = new Random(seed);
        var shim = await CompileAsync();
        try
        {
            var cuts = new List<PowerCutRound>();
            for (var i = 0; i < rounds; i++)
                cuts.Add(await PowerCutRound.RunAsync(shim, "FULL", TimeSpan.FromMilliseconds(random.Next(0, 400))));
            var conditions = $"{rounds} cuts, seed {seed}, {cuts.Sum(cut => cut.Committed)} samples acknowledged, "
                + $"commit every {JournalWriterProcess.Commit.TotalMilliseconds} ms";
            arguments.Report.AtMost("committed samples missing", cuts.Sum(cut => cut.Missing), "samples", 0,
                conditions);
            arguments.Report.AtMost("kept state or cursor ahead of the samples", cuts.Count(cut => !cut.StatesAgree),
                "cuts", 0, conditions);
            var window = (JournalWriterProcess.Commit + Scheduling).TotalMilliseconds;
            arguments.Report.AtMost("age of the oldest lost sample", cuts.Max(cut => cut.OldestLost.TotalMilliseconds),
                "ms", window, conditions);
            arguments.Report.AtLeast("samples acknowledged per cut", cuts.Average(cut => cut.Committed), "samples", 1,
                conditions);

            var control = await PowerCutRound.RunAsync(shim, "NORMAL", TimeSpan.FromMilliseconds(400));
            arguments.Report.AtLeast("control: samples that synchronous=NORMAL loses", control.Missing, "samples", 1,
                "1 cut");
        }
        finally
        {
            File.Delete(shim);
        }
    }

    private static async Task<string> CompileAsync()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "PowerCut", "powercut.c");
        var target = Path.Combine(Path.GetTempPath(), $"edgetwin-powercut-{Environment.ProcessId}.so");
        using var compiler =
            Process.Start("cc", ["-O2", "-shared", "-fPIC", "-o", target, source, "-ldl", "-lpthread"]);
        await compiler.WaitForExitAsync();
        return compiler.ExitCode == 0 ? target
            : throw new InvalidOperationException("cc could not compile powercut.c; install gcc");
    }
}
