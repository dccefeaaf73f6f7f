using System.Diagnostics;
using System.Runtime.CompilerServices;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>An independent Modbus program as a child process; it ends when its standard input does.</summary>
internal sealed class ModbusPeerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ModbusPeerProcess(Process process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public static Task<ModbusPeerProcess> StartPymodbusAsync() =>
        StartAsync("/usr/bin/python3", "-W", "ignore", SourceFile("pymodbus_server.py"));

    public static async Task<ModbusPeerProcess> StartLibmodbusAsync()
    {
        var program = Path.Combine(Directory.CreateTempSubdirectory("edgetwin-libmodbus-").FullName, "server");
        await RunAsync("cc", "-O1", "-I/usr/include/modbus", "-o", program, SourceFile("libmodbus_server.c"),
            "-lmodbus");
        return await StartAsync(program);
    }

    /// <summary>Runs a program to its end and returns what it printed; fails when it is missing, fails or takes too
    /// long.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var run = Start(program, arguments);
        run.StandardInput.Close();
        using var patience = new CancellationTokenSource(RealTime.Patience);
        var errors = run.StandardError.ReadToEndAsync(patience.Token);
        var printed = await run.StandardOutput.ReadToEndAsync(patience.Token);
        await run.WaitForExitAsync(patience.Token);
        Assert.True(run.ExitCode == 0, $"{program} ended with {run.ExitCode}: {printed}{await errors}");
        return printed;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static async Task<ModbusPeerProcess> StartAsync(string program, params string[] arguments)
    {
        var started = Start(program, arguments);
        using var patience = new CancellationTokenSource(RealTime.Patience);
        var line = await started.StandardOutput.ReadLineAsync(patience.Token);
        if (line is null || !line.StartsWith("port ", StringComparison.Ordinal))
            Assert.Fail(
                $"{program} did not start: {line} {await started.StandardError.ReadToEndAsync(patience.Token)}");
        return new ModbusPeerProcess(started, int.Parse(line["port ".Length..]));
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start");

    private static string SourceFile(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "ModbusPeers", name);
}
