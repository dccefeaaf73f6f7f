using System.Diagnostics;
using System.Text;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Cli;

/// <summary>The program as its users run it: <c>edgetwin</c> in a process of its own.</summary>
internal sealed class EdgetwinProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    private EdgetwinProcess(IEnumerable<string> arguments)
    {
        // A shell that runs the tests in the background has its children ignore SIGINT; `env` takes that back.
        process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "env",
                [
                    "--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "edgetwin.dll"),
                    .. arguments,
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            },
        };
        process.OutputDataReceived += (_, e) => Take(output, e.Data);
        process.ErrorDataReceived += (_, e) => Take(errors, e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static EdgetwinProcess Start(params string[] arguments) => new(arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<ProgramResult> RunAsync(params string[] arguments)
    {
        await using var program = Start(arguments);
        return await program.EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramResult> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(RealTime.Patience);
        lock (output) return new ProgramResult(process.ExitCode, output.ToString(), Text(errors));
    }

    /// <summary>Waits until it has logged this.</summary>
    public async Task LogsAsync(string text)
    {
        var since = Stopwatch.StartNew();
        while (!Text(errors).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(since.Elapsed < RealTime.Patience && !process.HasExited, $"no '{text}' in: {Text(errors)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>What Ctrl-C does.</summary>
    public Task InterruptAsync() => SignalAsync("INT");

    /// <summary>Sends a signal by its name without SIG.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(RealTime.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync().WaitAsync(RealTime.Patience);
        process.Dispose();
    }

    private static void Take(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
