using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>Many sessions at once, and many one after the other: what stays in memory and of handles.</summary>
internal static class OpcUaSessionsBenchmark
{
    private const int Sessions = 100;
    private const int Items = 500;
    private const int Cycles = 1000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        await using var host = await OpcUaHostProcess.StartAsync(Items, 1000);
        var certificate = await LoadSession.CertificateOfAsync(host.Endpoint);
        await ManyAtOnceAsync(arguments.Report, host, arguments.Option("seconds", 20));

        // The pools and the compiler settle before the count begins.
        await CyclesAsync(host.Endpoint, certificate, Cycles / 2);
        var (memory, handles) = await SettledAsync(host.Id);
        await CyclesAsync(host.Endpoint, certificate, Cycles);
        var (memoryAfter, handlesAfter) = await SettledAsync(host.Id);
        arguments.Report.AtMost("memory after 1,000 connects with SignAndEncrypt",
            100 * (memoryAfter / memory - 1), "% more", 5,
            $"{memory:0.0} MB before, {memoryAfter:0.0} MB after");
        arguments.Report.AtMost("handles left by them", handlesAfter - handles, "handles", 0,
            $"{handles} before, {handlesAfter} after");
    }

    private static async Task ManyAtOnceAsync(Report report, OpcUaHostProcess host, int seconds)
    {
        var sessions = new List<LoadSession>();
        var loads = new List<Task<LoadFigure>>();
        for (var i = 0; i < Sessions; i++)
        {
            var session = await LoadSession.OpenAsync(host.Endpoint, null);
            sessions.Add(session);
            loads.Add(new SubscriptionLoad(session, host.Id, 2, Items, seconds, interval: 1000).MeasureAsync("sub"));
        }

        var figures = await Task.WhenAll(loads);
        foreach (var session in sessions) await session.DisposeAsync();
        report.AtLeast($"{Sessions} sessions with {Items} items each, delivered by the worst",
            100 * figures.Min(static f => f.Delivered),
            "%", 90,
            $"every item changes once a second; {figures.Max(static f => f.ResidentMb):0} MB; window {seconds} s");
    }

    private static async Task CyclesAsync(string endpoint, byte[] certificate, int count)
    {
        for (var i = 0; i < count; i++) await (await LoadSession.OpenAsync(endpoint, certificate)).DisposeAsync();
    }

    // A connection that the client has ended may still be closing.
    private static async Task<(double Memory, int Handles)> SettledAsync(int process)
    {
        await Task.Delay(Settle, TimeProvider.System);
        return (ProcessFigures.ResidentMb(process), Handles(process));
    }

    private static int Handles(int process) => Directory.GetFiles($"/proc/{process}/fd").Length;
}
