using EdgeTwin.Configuration;
using EdgeTwin.Hosting;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A copy of a folder of <c>config/brokers</c>, with the certificates and the password that it speaks
/// of.</summary>
internal sealed class BrokerExample : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-broker-");

    public BrokerExample(string broker)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Source, broker)))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        TestAuthority.WriteTo(Folder);
        File.WriteAllText(Path.Combine(Folder, "password"), "change-me");
    }

    public static string Source { get; } = Path.Combine(Tidy.Repository.Root, "config", "brokers");

    public string Folder => folder.FullName;

    public ConfigResult Load() => ConfigurationFile.Load(Path.Combine(Folder, "edgetwin.yaml"));

    /// <summary>An uplink of the example, which goes to a port of this machine.</summary>
    public BrokerUplinkConfig Uplink(string name, int port)
    {
        var uplink = (BrokerUplinkConfig)Load().Config!.Uplinks[name];
        return uplink with { Endpoint = new Uri($"{uplink.Endpoint.Scheme}://127.0.0.1:{port}") };
    }

    /// <summary>A file of the broker with paths and ports of this test.</summary>
    public string Text(string file, params (string Old, string New)[] changes)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        foreach (var (old, replacement) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        return text;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
