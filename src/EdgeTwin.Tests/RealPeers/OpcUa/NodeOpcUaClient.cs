using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>node-opcua's client in a process of its own, driven line by line (<c>node-opcua-client.js</c> lists what it
/// understands).</summary>
internal sealed class NodeOpcUaClient : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-node-opcua-");
    private readonly Process process;
    private int id;

    private NodeOpcUaClient()
    {
        process = Process.Start(new ProcessStartInfo("node", [SourceFile("node-opcua-client.js"),
            NodeModules(), folder.FullName])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // Nobody reads its diagnostics, but they must not fill the pipe.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    public static async Task<NodeOpcUaClient> StartAsync()
    {
        Assert.True(Directory.Exists(Path.Combine(NodeModules(), "node-opcua")),
            "node-opcua is missing: run ./test.sh, or node src/EdgeTwin.OnnxRuntime/fetch-parts.mjs --peers");
        var client = new NodeOpcUaClient();
        var ready = await client.AnswerAsync();
        Assert.True(ready.TryGetProperty("ready", out _), ready.ToString());
        return client;
    }

    /// <summary>Sends a command and fails the test when the client answers with an error.</summary>
    public async Task<JsonElement> SendAsync(string op, object? arguments = null)
    {
        var answer = await TryAsync(op, arguments);
        Assert.False(answer.TryGetProperty("error", out var error), $"{op}: {error}");
        return answer;
    }

    /// <summary>Sends a command whose failure is the answer.</summary>
    /// <returns>The client's error text.</returns>
    public async Task<string> FailAsync(string op, object? arguments = null)
    {
        var answer = await TryAsync(op, arguments);
        Assert.True(answer.TryGetProperty("error", out var error), $"{op} did not fail: {answer}");
        return error.GetString()!;
    }

    public async Task<JsonElement> TryAsync(string op, object? arguments = null)
    {
        var command = arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject();
        command["op"] = op;
        command["id"] = ++id;
        await process.StandardInput.WriteLineAsync(command.ToJsonString());
        await process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    /// <summary>Where npm put the peers.</summary>
    public static string NodeModules() => Path.Combine(Tidy.Repository.Root, "node_modules");

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }

    // node-opcua prints notices of its own between the answers.
    private async Task<JsonElement> AnswerAsync()
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith('{'))
            {
                continue;
            }

            var answer = JsonDocument.Parse(line).RootElement;
            if (answer.TryGetProperty("ready", out _)
                || (answer.TryGetProperty("id", out var answered) && answered.GetInt32() == id))
            {
                return answer;
            }
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"node-opcua's client ended with {(process.HasExited ? process.ExitCode : -1)}"));
    }

    private static string SourceFile(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, name);
}
