namespace EdgeTwin.Benchmarks.Peers;

/// <summary>What the kernel says of a process.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed on Linux x64 and arm64

    /// <summary>CPU seconds used so far, user and system, all threads.</summary>
    public static double CpuSeconds(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11]) + long.Parse(fields[12])) / TicksPerSecond;
    }

    /// <summary>Resident memory in MB.</summary>
    public static double ResidentMb(int process) => ReadKb(process, "VmRSS:") / 1024;

    /// <summary>Largest resident memory so far in MB.</summary>
    public static double PeakResidentMb(int process) => ReadKb(process, "VmHWM:") / 1024;

    /// <summary>Time of all processors so far, and what the hypervisor took of it, in ticks.</summary>
    public static (long All, long Steal) Processors()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(long.Parse).ToArray();
        return (ticks.Sum(), ticks[7]);
    }

    private static double ReadKb(int process, string name) => double.Parse(
        File.ReadLines($"/proc/{process}/status").First(line =>
        line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
            .Replace("kB", "", StringComparison.Ordinal));
}
