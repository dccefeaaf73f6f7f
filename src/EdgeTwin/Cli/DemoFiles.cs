using System.Text;

namespace EdgeTwin.Cli;

/// <summary>The demo's recording, model and configuration, which lie beside the program.</summary>
internal static class DemoFiles
{
    /// <summary>Signals in the recording; each is a tag.</summary>
    public const int RecordedTags = 8;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "demo");

    public static string Recording { get; } = Path.Combine(Folder, "recording.csv");

    /// <summary>Writes the demo's configuration with this machine's and this broker's addresses; returns its
    /// path.</summary>
    public static string WriteConfiguration(string folder, DemoMachine machine, int opcUaPort, DemoOptions options)
    {
        var text = new StringBuilder(File.ReadAllText(Path.Combine(Folder, "edgetwin.yaml")))
            .Replace("127.0.0.1:1502", machine.Endpoint.ToString())
            .Replace("port: 4840", $"port: {opcUaPort}")
            .Replace("mqtt://127.0.0.1:1883", options.Broker);
        var further = new StringBuilder("tags:\n");
        for (var i = 0; i < options.Tags - RecordedTags; i++)
            further.Append($"  further-{i}: {{ source: plc, address: input:{i}, type: uint16, range: [0, 10000] }}\n");
        if (options.Tags > RecordedTags) text.Replace("tags:\n", further.ToString());

        File.Copy(Path.Combine(Folder, "pump-condition.onnx"), Path.Combine(folder, "pump-condition.onnx"),
            overwrite: true);
        var path = Path.Combine(folder, "edgetwin.yaml");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
