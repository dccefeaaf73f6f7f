using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeTwin.Benchmarks.Peers;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A real aedes, a broker of MQTT 3.1.1 made of the npm package, in a process of its own. Killed it has
/// forgotten everything.</summary>
internal sealed class AedesBroker : IAsyncDisposable
{
    private readonly BrokerProcess process;

    private AedesBroker(int port, BrokerProcess process) => (Port, this.process) = (port, process);

    public int Port { get; }

    public static async Task<AedesBroker> StartAsync()
    {
        Assert.True(Directory.Exists(Path.Combine(SparkplugHost.Modules, "aedes")),
            "aedes is missing: run ./test.sh, or node src/EdgeTwin.OnnxRuntime/fetch-parts.mjs --peers");
        var port = Ports.Free();
        var broker = new BrokerProcess(
            port, "node", [Script(), port.ToString(CultureInfo.InvariantCulture)], TimeSpan.FromSeconds(60));
        try
        {
            await broker.StartAsync();
            return new AedesBroker(port, broker);
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public MqttClientOptions Options(string clientId = "c") =>
        new() { Host = "127.0.0.1", Port = Port, ClientId = clientId };

    public Task StartAgainAsync() => process.StartAsync();

    public Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string Script([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "aedes-broker.mjs");
}
