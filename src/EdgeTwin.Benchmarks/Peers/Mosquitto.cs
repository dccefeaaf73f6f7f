namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A real mosquitto on a free loopback port; its sessions and queues survive
/// <see cref="RestartAsync"/>.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string configuration;
    private ChildProcess process;

    private Mosquitto(int port, string configuration, ChildProcess process)
    {
        Port = port;
        this.configuration = configuration;
        this.process = process;
    }

    public int Port { get; }

    public int ProcessId => process.Id;

    public static async Task<Mosquitto> StartAsync(string folder)
    {
        var port = Ports.Free();
        var file = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(file, $"""
            listener {port} 127.0.0.1
            allow_anonymous true
            persistence true
            persistence_location {folder}/
            max_queued_messages 0
            max_inflight_messages 1000
            user root
            log_type error

            """);
        var broker = new Mosquitto(port, file, Launch(file));
        await Ports.WaitUntilOpenAsync(port, TimeSpan.FromSeconds(10));
        return broker;
    }

    /// <summary>SIGKILL, away for a while, started again; what it had in memory is gone.</summary>
    public async Task KillAndRestartAsync(TimeSpan away)
    {
        await process.KillAsync();
        await process.DisposeAsync();
        await Task.Delay(away, TimeProvider.System);
        process = Launch(configuration);
        await Ports.WaitUntilOpenAsync(Port, TimeSpan.FromSeconds(10));
    }

    /// <summary>Stops it (SIGTERM, so that it saves its queues), leaves it away for a while, starts it again.</summary>
    public async Task RestartAsync(TimeSpan away)
    {
        await process.StopAsync();
        await process.DisposeAsync();
        await Task.Delay(away, TimeProvider.System);
        process = Launch(configuration);
        await Ports.WaitUntilOpenAsync(Port, TimeSpan.FromSeconds(10));
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static ChildProcess Launch(string configuration) =>
        ChildProcess.Start(File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto"
            : "mosquitto", ["-c", configuration]);
}
