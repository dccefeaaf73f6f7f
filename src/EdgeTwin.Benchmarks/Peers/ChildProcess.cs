using System.Diagnostics;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A process that a benchmark started: its output by lines, its CPU time and memory, and its certain
/// end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Action<string>? onLine;
    private readonly List<string> lines = [];
    private readonly Lock guard = new();

    private ChildProcess(Process process, Action<string>? onLine)
    {
        this.process = process;
        this.onLine = onLine;
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Everything that was printed so far, both streams.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (guard) return [.. lines];
        }
    }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, Action<string>? onLine = null)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute =
                false,
        };
        info.Environment["DOTNET_gcServer"] = "0";
        var child = new ChildProcess(new Process { StartInfo = info }, onLine);
        child.process.OutputDataReceived += child.Take;
        child.process.ErrorDataReceived += child.Take;
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end and returns what was printed.</summary>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static async Task<string> RunAsync(string file, params string[] arguments)
    {
        await using var child = Start(file, arguments);
        await child.process.WaitForExitAsync();
        var text = string.Join('\n', child.Lines);
        return child.ExitCode == 0 ? text
            : throw new InvalidOperationException($"{file} ended with {child.ExitCode}: {text}");
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM (or another signal), then waits for the end.</summary>
    public async Task<int> StopAsync(string signal = "-TERM")
    {
        if (!process.HasExited) await RunAsync("kill", signal, Id.ToString());
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public Task WaitForExitAsync(CancellationToken cancellation = default) => process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not { } line) return;
        lock (guard) lines.Add(line);
        onLine?.Invoke(line);
    }
}
