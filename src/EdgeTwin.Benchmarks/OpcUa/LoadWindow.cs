using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>The time in which a load is measured: what the server, the machine and the clock said at its
/// start.</summary>
internal sealed class LoadWindow(int server)
{
    private const double TicksPerSecond = 100;
    private readonly long start = TimeProvider.System.GetTimestamp();
    private readonly double cpu = ProcessFigures.CpuSeconds(server);
    private readonly (long All, long Steal) _machine = ProcessFigures.Processors();
    private readonly List<double> microseconds = [];

    public double Seconds => TimeProvider.System.GetElapsedTime(start).TotalSeconds;

    public int Samples => microseconds.Count;

    /// <summary>Takes a latency that began at a timestamp.</summary>
    public void Add(long began) => Add(TimeProvider.System.GetElapsedTime(began).TotalMicroseconds);

    public void Add(double microseconds) => this.microseconds.Add(microseconds);

    /// <summary>Closes the window.</summary>
    /// <param name="metric">Name of the load.</param>
    /// <param name="operations">Operations done in it.</param>
    public LoadFigure Figure(string metric, double operations)
    {
        var seconds = Seconds;
        microseconds.Sort();
        var (_, steal) = ProcessFigures.Processors();
        return new LoadFigure
        {
            Metric = metric,
            Value = operations / seconds,
            Seconds = seconds,
            ServerCpuSeconds = ProcessFigures.CpuSeconds(server) - cpu,
            ResidentMb = ProcessFigures.ResidentMb(server),
            P50Microseconds = Quantile(0.5),
            P99Microseconds = Quantile(0.99),
            MaxMicroseconds = Quantile(1),
            Noise = 100 * (steal - _machine.Steal) / TicksPerSecond / seconds,
        };
    }

    private double Quantile(double q) => microseconds.Count == 0
        ? 0 : microseconds[(int)(q * (microseconds.Count - 1))];
}
