namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A real nats-server with JetStream and its MQTT gateway. Version 2.9 speaks MQTT 3.1.1 and knows no topic
/// with a dot in it.</summary>
internal sealed class Nats : IBroker
{
    private readonly BrokerProcess server;

    private Nats(int port, BrokerProcess server) => (Port, this.server) = (port, server);

    public int Port { get; }

    /// <param name="folder">For everything that it writes.</param>
    /// <param name="configuration">Text of its configuration for the ports of MQTT and NATS; everybody may do
    /// everything when absent.</param>
    public static async Task<Nats> StartAsync(string folder, Func<int, int, string>? configuration = null)
    {
        var (port, own) = (Ports.Free(), Ports.Free());
        var file = Path.Combine(folder, "nats-server.conf");
        await File.WriteAllTextAsync(file, configuration?.Invoke(port, own) ?? $$"""
            server_name: edge
            listen: "127.0.0.1:{{own}}"
            jetstream { store_dir: "{{folder}}/jetstream" }
            mqtt { listen: "127.0.0.1:{{port}}" }

            """);
        var process = new BrokerProcess(port, "nats-server", ["-c", file], TimeSpan.FromSeconds(20));
        try
        {
            await process.StartAsync();
            return new Nats(port, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync() => server.StartAsync();

    public Task KillAsync() => server.KillAsync();

    public Task StopAsync() => server.StopAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
