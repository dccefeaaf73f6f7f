using System.Globalization;
using System.Text.Json;
using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>An independent load client, given with <c>--measure PATH</c>: called as <c>PATH --endpoint E --pid P
/// --metrics M
/// --nodes N --duration S --tries T</c>, it prints one JSON object a try.</summary>
internal sealed class MeasureTool(string path, int seconds, int tries) : IOpcUaLoad
{
    public async Task<LoadFigure> MeasureAsync(string endpoint, int server, string metric, int nodes)
    {
        var printed = await ChildProcess.RunAsync(path, "--endpoint", endpoint, "--pid", Text(server), "--metrics",
            metric,
            "--nodes", Text(nodes), "--duration", Text(seconds), "--tries", Text(tries));
        return printed.Split('\n').Where(static l => l.StartsWith('{')).Select(Parse)
            .OrderBy(static f => f.Noise).FirstOrDefault()
            ?? throw new InvalidOperationException($"{path} gave no figure for {metric}: {printed}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static LoadFigure Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new LoadFigure
        {
            Metric = root.GetProperty("metric").GetString()!,
            Value = root.GetProperty("value").GetDouble(),
            P50Microseconds = Number(root, "p50_us"),
            P99Microseconds = Number(root, "p99_us"),
            MaxMicroseconds = Number(root, "max_us"),
            Seconds = Number(root, "wall_s"),
            ServerCpuSeconds = Number(root, "srv_cpu_s"),
            ResidentMb = Number(root, "srv_rss_mb"),
            Delivered = root.TryGetProperty("ratio", out var ratio) ? ratio.GetDouble() : 1,
            Noise = Number(root, "others_cpu_pct") + Number(root, "steal_pct"),
        };
    }

    private static double Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}
