namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A real broker in a process of its own, on a loopback port that it keeps when it starts again.</summary>
internal interface IBroker : IAsyncDisposable
{
    /// <summary>Port for MQTT.</summary>
    int Port { get; }

    /// <summary>Starts it again; it is ready when this completes.</summary>
    Task StartAsync();

    /// <summary>SIGKILL: as a crash.</summary>
    Task KillAsync();

    /// <summary>SIGTERM: it puts in order what it keeps on disk.</summary>
    Task StopAsync();
}
