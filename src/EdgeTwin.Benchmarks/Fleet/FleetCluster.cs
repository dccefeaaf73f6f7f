using System.Diagnostics;

namespace EdgeTwin.Benchmarks.Fleet;

/// <summary>The three nodes of <c>deploy/fleet/rabbitmq.sh</c>.</summary>
internal sealed class FleetCluster(string script, string folder, int port)
{
    /// <summary>MQTT address of each node.</summary>
    public IReadOnlyList<Uri> Nodes { get; } =
        [.. Enumerable.Range(1, 3).Select(node => new Uri($"mqtt://127.0.0.1:{port + node}"))];

    /// <summary>Runs a command of the script; its words are in the script's head.</summary>
    public async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo("bash", [script, .. command]);
        start.Environment["FLEET_FOLDER"] = folder;
        start.Environment["FLEET_PORT"] = $"{port}";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"rabbitmq.sh {string.Join(' ', command)} failed; it says above why");
    }

    /// <summary>The other nodes first to last, after a given one: where a client goes when its node is away.</summary>
    public IReadOnlyList<Uri> From(int node) => [.. Enumerable.Range(0, 3).Select(i => Nodes[(node + i) % 3])];
}
