namespace EdgeTwin.Benchmarks.Peers;

/// <summary>The process of a broker that is started, killed and started again; it is ready when its port is
/// open.</summary>
internal sealed class BrokerProcess(int port, string file, IReadOnlyList<string> arguments, TimeSpan patience)
    : IAsyncDisposable
{
    private ChildProcess? process;

    public async Task StartAsync()
    {
        process = ChildProcess.Start(file, arguments);
        using var dead = new CancellationTokenSource();
        var open = Ports.WaitUntilOpenAsync(port, patience);
        var exit = process.WaitForExitAsync(dead.Token);
        if (await Task.WhenAny(open, exit) != exit)
        {
            await dead.CancelAsync();
            await open;
            return;
        }

        throw new InvalidOperationException(
            $"{file} ended with {process.ExitCode}: {string.Join('\n', process.Lines.TakeLast(20))}");
    }

    public async Task KillAsync()
    {
        if (process is null) return;
        await process.DisposeAsync();
        process = null;
    }

    public async Task StopAsync()
    {
        if (process is null) return;
        await process.StopAsync();
        await KillAsync();
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
