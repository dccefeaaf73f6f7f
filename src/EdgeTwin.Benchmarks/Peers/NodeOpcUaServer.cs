using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>node-opcua's server in a process of its own on a port of its own, which it keeps when it is started again
/// (the script lists what it understands).</summary>
/// <param name="script">The server, or node-opcua's discovery server.</param>
internal sealed class NodeOpcUaServer(string script = "node-opcua-server.js") : IAsyncDisposable
{
    private const string Scripts = "EdgeTwin.Tests/RealPeers/OpcUa";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-node-opcua-server-");
    private Process? process;

    public int Port { get; } = Ports.Free();

    public Uri Url => new($"opc.tcp://127.0.0.1:{Port}/peer");

    /// <summary>File of the server's own certificate, PEM.</summary>
    public string CertificateFile(string set = "a") => Path.Combine(folder.FullName, set + ".pem");

    public static async Task<NodeOpcUaServer> LaunchAsync(object? options = null)
    {
        var server = new NodeOpcUaServer();
        await server.StartAsync(options);
        return server;
    }

    public async Task StartAsync(object? options = null)
    {
        var modules = Path.Combine(Sources(), "..", "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "node-opcua")))
        {
            throw new InvalidOperationException(
                "node-opcua is missing: run ./test.sh, or node src/EdgeTwin.OnnxRuntime/fetch-parts.mjs --peers");
        }

        var json = options is null ? [] : JsonSerializer.SerializeToNode(options)!.AsObject();
        json["port"] = Port;
        process = Process.Start(new ProcessStartInfo("node",
            [Path.Combine(Sources(), Scripts, script), modules, folder.FullName, json.ToJsonString()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // Nobody reads its diagnostics, but they must not fill the pipe.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var ready = await AnswerAsync();
        if (!ready.TryGetProperty("ready", out _)) throw new InvalidOperationException(ready.ToString());
    }

    public async Task<JsonElement> SendAsync(string op, object? arguments = null)
    {
        var command = arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject();
        command["op"] = op;
        await process!.StandardInput.WriteLineAsync(command.ToJsonString());
        await process.StandardInput.FlushAsync();
        var answer = await AnswerAsync();
        return answer.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"{op}: {error}")
            : answer;
    }

    /// <summary>Ends the process as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        folder.Delete(recursive: true);
    }

    // node-opcua prints notices of its own between the answers.
    private async Task<JsonElement> AnswerAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await process!.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith('{')) return JsonDocument.Parse(line).RootElement;
        }

        throw new InvalidOperationException("node-opcua's server ended");
    }

    // The folder of the projects, above this one.
    private static string Sources([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
