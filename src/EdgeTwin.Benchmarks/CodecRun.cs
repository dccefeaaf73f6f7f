using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace EdgeTwin.Benchmarks;

/// <summary>Runs <see cref="CodecBenchmarks"/> within this process and reports what BenchmarkDotNet measured.</summary>
internal static class CodecRun
{
    public static Task RunAsync(BenchmarkArguments arguments)
    {
        var artifacts = Directory.CreateTempSubdirectory("edgetwin-codec-");
        try
        {
            var configuration = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddColumnProvider(DefaultConfig.Instance.GetColumnProviders().ToArray())
                .AddLogger(NullLogger.Instance)
                .WithArtifactsPath(artifacts.FullName)
                .WithOptions(ConfigOptions.DisableLogFile);
            var summary = BenchmarkRunner.Run<CodecBenchmarks>(configuration);
            foreach (var report in summary.Reports)
            {
                var benchmark = report.BenchmarkCase;
                var name = $"{benchmark.Descriptor.WorkloadMethod.Name} {benchmark.Parameters.DisplayInfo}";
                if (report.ResultStatistics is not { } time)
                    throw new InvalidOperationException($"BenchmarkDotNet measured nothing for {name}");
                var conditions = $"BenchmarkDotNet, ± {time.StandardError:0.0} ns";
                arguments.Report.Note($"{name}: time", time.Mean, "ns", conditions);
                arguments.Report.AtMost($"{name}: allocated",
                    report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? double.NaN, "bytes", 0,
                    conditions);
            }

            arguments.Report.AtLeast("benchmarks run", summary.Reports.Length, "", 6, "control");
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }

        return Task.CompletedTask;
    }
}
