using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A host application in a process of its own, made of the packages mqtt and sparkplug-payload
/// (<c>sparkplug-host.js</c> lists what it understands).</summary>
internal sealed class SparkplugHost : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<JsonElement> answers = Channel.CreateBounded<JsonElement>(1024);
    private readonly Channel<JsonElement> heard = Channel.CreateBounded<JsonElement>(1_000_000);
    private readonly Task reading;
    private int id;

    private SparkplugHost(Process process)
    {
        this.process = process;
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Where npm put the peers.</summary>
    public static string Modules => Path.Combine(Tidy.Repository.Root, "node_modules");

    /// <param name="port">The broker's; 0 for the codec alone.</param>
    public static async Task<SparkplugHost> StartAsync(int port = 0)
    {
        Assert.True(Directory.Exists(Path.Combine(Modules, "sparkplug-payload")),
            "sparkplug-payload is missing: run ./test.sh, or node src/EdgeTwin.OnnxRuntime/fetch-parts.mjs --peers");
        var node = Process.Start(new ProcessStartInfo("node",
            [SourceFile("sparkplug-host.js"), Modules, port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        node.ErrorDataReceived += static (_, _) => { };
        node.BeginErrorReadLine();
        var host = new SparkplugHost(node);
        await host.AnswerAsync();
        return host;
    }

    /// <summary>The next message that came, decoded by sparkplug-payload.</summary>
    public async Task<JsonElement> NextAsync()
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        return await heard.Reader.ReadAsync(patience.Token);
    }

    /// <summary>The next message of a type such as <c>NBIRTH</c>; those before it are passed over.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        while (true)
        {
            var message = await NextAsync();
            if (TypeOf(message) == type) return message;
        }
    }

    /// <summary>What has come and was not taken yet.</summary>
    public IReadOnlyList<JsonElement> Heard()
    {
        var all = new List<JsonElement>();
        while (heard.Reader.TryRead(out var message)) all.Add(message);
        return all;
    }

    public static string TypeOf(JsonElement message) => message.GetProperty("topic").GetString()!.Split('/')[2];

    /// <summary>Says that a host application is online or not.</summary>
    public Task StateAsync(string host, bool online, long timestamp) => SendAsync("publish", new
    {
        topic = $"spBv1.0/STATE/{host}",
        text = $"{{\"online\":{(online ? "true" : "false")},\"timestamp\":{timestamp}}}",
        retain = true,
    });

    public async Task<JsonElement> SendAsync(string op, object arguments)
    {
        var command = JsonSerializer.SerializeToNode(arguments)!.AsObject();
        command["op"] = op;
        command["id"] = ++id;
        await process.StandardInput.WriteLineAsync(command.ToJsonString());
        await process.StandardInput.FlushAsync();
        var answer = await AnswerAsync();
        Assert.False(answer.TryGetProperty("error", out var error), $"{op}: {error}");
        return answer;
    }

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
        await reading;
        process.Dispose();
    }

    private async Task<JsonElement> AnswerAsync()
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        return await answers.Reader.ReadAsync(patience.Token);
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var said = document.RootElement.Clone();
            if (said.TryGetProperty("again", out _)) continue;
            await (said.TryGetProperty("topic", out _) ? heard : answers).Writer.WriteAsync(said);
        }
        answers.Writer.TryComplete();
        heard.Writer.TryComplete();
    }

    /// <summary>A script beside this file.</summary>
    public static string SourceFile(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, name);
}
