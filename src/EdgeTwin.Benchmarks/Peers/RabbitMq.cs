namespace EdgeTwin.Benchmarks.Peers;

/// <summary>
/// A real RabbitMQ with its MQTT plug-in: own ports, data folder, Erlang node name, cookie and port mapper, so that it
/// meets no other on this machine. It needs some ten seconds to start. Version 3.10 speaks MQTT 3.1.1.
/// </summary>
internal sealed class RabbitMq : IBroker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private readonly BrokerProcess mapper;
    private readonly BrokerProcess server;

    private RabbitMq(int port, BrokerProcess mapper, BrokerProcess server) =>
        (Port, this.mapper, this.server) = (port, mapper, server);

    public int Port { get; }

    /// <param name="folder">For everything that it writes.</param>
    /// <param name="configuration">Text of <c>rabbitmq.conf</c> for a port; everybody may do everything when
    /// absent.</param>
    public static async Task<RabbitMq> StartAsync(string folder, Func<int, string>? configuration = null)
    {
        var (port, mapperPort, nodePort) = (Ports.Free(), Ports.Free(), Ports.Free());
        await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), (configuration ?? Open)(port));
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[rabbitmq_mqtt].");
        var names = new BrokerProcess(mapperPort, "epmd", ["-port", $"{mapperPort}", "-address", "127.0.0.1"],
            Patience);
        var process = new BrokerProcess(port, "env", [.. Environment(folder, mapperPort, nodePort),
            "/usr/lib/rabbitmq/bin/rabbitmq-server"], Patience);
        var broker = new RabbitMq(port, names, process);
        try
        {
            await names.StartAsync();
            await process.StartAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync() => server.StartAsync();

    public Task KillAsync() => server.KillAsync();

    public Task StopAsync() => server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await mapper.DisposeAsync();
    }

    private static string Open(int port) => $"""
        listeners.tcp = none
        mqtt.listeners.tcp.1 = 127.0.0.1:{port}
        mqtt.allow_anonymous = true
        mqtt.default_user = guest
        mqtt.default_pass = guest
        mqtt.sparkplug = true
        log.file = false
        log.console = true
        log.console.level = error

        """;

    private static string[] Environment(string folder, int mapperPort, int nodePort) =>
    [
        $"HOME={folder}", // where Erlang makes its cookie
        $"ERL_EPMD_PORT={mapperPort}",
        "ERL_EPMD_ADDRESS=127.0.0.1",
        $"RABBITMQ_NODENAME=edgetwin-{nodePort}@localhost",
        $"RABBITMQ_DIST_PORT={nodePort}",
        $"RABBITMQ_BASE={folder}",
        $"RABBITMQ_MNESIA_BASE={folder}/mnesia",
        $"RABBITMQ_LOG_BASE={folder}/log",
        $"RABBITMQ_CONFIG_FILE={folder}/rabbitmq.conf",
        $"RABBITMQ_ENABLED_PLUGINS_FILE={folder}/enabled_plugins",
        $"RABBITMQ_CONF_ENV_FILE={folder}/none",
        "RABBITMQ_ALLOW_INPUT=1", // the script becomes the server: one process to kill
        // No shell, no busy waiting on a machine that others use, and nobody from outside.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-noinput +sbwt none +sbwtdcpu none +sbwtdio none "
            + "-kernel inet_dist_use_interface {127,0,0,1}",
    ];
}
