using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>A mosquitto of its own for one test: free port, own folder; can be killed, stopped, frozen and started
/// again.</summary>
internal sealed class MosquittoBroker : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-mosquitto-");
    private readonly string configFile;
    private readonly bool usesSecondPort;
    private Process? process;

    private MosquittoBroker(string settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        other.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        SecondPort = ((IPEndPoint)other.LocalEndpoint).Port;
        usesSecondPort = settings.Contains("SECONDPORT", StringComparison.Ordinal);
        configFile = Path.Combine(folder.FullName, "mosquitto.conf");
        File.WriteAllText(configFile,
            $"listener {Port} 127.0.0.1\nmax_queued_messages 0\nuser root\n"
            + $"{settings.Replace("FOLDER", Folder).Replace("SECONDPORT", $"{SecondPort}")}\n");
    }

    public int Port { get; }

    /// <summary>A free port for a second listener, which the settings may open.</summary>
    public int SecondPort { get; }

    public string Folder => folder.FullName;

    /// <param name="settings">Lines for the configuration; FOLDER stands for the broker's folder, SECONDPORT for
    /// another free port.</param>
    /// <param name="prepare">Puts files into the folder before the broker starts.</param>
    public static async Task<MosquittoBroker> StartAsync(string settings = "allow_anonymous true",
        Action<string>? prepare = null)
    {
        var broker = new MosquittoBroker(settings);
        prepare?.Invoke(broker.Folder);
        await broker.StartAsync();
        return broker;
    }

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("mosquitto", ["-c", configFile])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })
            ?? throw new InvalidOperationException("mosquitto did not start; it is installed by ./test.sh");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        await ListensAsync(Port);
        if (usesSecondPort) await ListensAsync(SecondPort);
    }

    /// <summary>Changes its configuration, from the next start on.</summary>
    public void Replace(string setting, string by) =>
        File.WriteAllText(configFile, File.ReadAllText(configFile).Replace(setting, by));

    /// <summary>SIGKILL: as a crash.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync().WaitAsync(RealTime.Patience);
    }

    /// <summary>SIGTERM: it saves its sessions where persistence is on.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await process!.WaitForExitAsync().WaitAsync(RealTime.Patience);
    }

    /// <summary>SIGSTOP: the connection stays and nobody answers.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(RealTime.Patience);
        }
        process?.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process!.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(RealTime.Patience);
    }

    private async Task ListensAsync(int port)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (since.Elapsed < RealTime.Patience && !process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }
}
