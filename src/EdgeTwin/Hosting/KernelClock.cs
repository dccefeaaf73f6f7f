using System.Runtime.InteropServices;

namespace EdgeTwin.Hosting;

/// <summary>What the kernel knows of its own clock (adjtimex(2)); reading needs no privilege.</summary>
/// <param name="State">Return value: 0 to 4 are states of a good clock (leap seconds), 5 is TIME_ERROR.</param>
/// <param name="Status">STA_ bits.</param>
/// <param name="TickMicroseconds">Length of a kernel tick; 10,000 on every Linux, so a check of the layout.</param>
internal readonly record struct KernelClock(int State, int Status, long TickMicroseconds)
{
    // <sys/timex.h>
    private const int StatusUnsynchronised = 0x0040;
    private const int TimeError = 5;

    // struct timex: unsigned modes; long offset, freq, maxerror, esterror; int status; long constant, precision,
    // tolerance; struct timeval time; long tick; … 208 bytes in all with 64-bit longs.
    private const int SizeBytes = 256;

    /// <summary>Whether a time service (chrony, systemd-timesyncd, ntpd, PTP) keeps the clock.</summary>
    public bool IsSynchronised => State is >= 0 and < TimeError && (Status & StatusUnsynchronised) == 0;

    /// <summary>Asks the kernel; null where it does not say (not Linux, or forbidden by a sandbox).</summary>
    public static KernelClock? Read()
    {
        if (!OperatingSystem.IsLinux()) return null;

        // All zero: modes = 0 reads and changes nothing.
        var timex = new byte[SizeBytes];
        var state = AdjustTime(timex);
        if (state < 0) return null;
        var longBytes = IntPtr.Size;
        return new KernelClock(state, ReadInt32(timex, 5 * longBytes), ReadLong(timex, 11 * longBytes));
    }

    private static int ReadInt32(byte[] timex, int offset) => MemoryMarshal.Read<int>(timex.AsSpan(offset));

    private static long ReadLong(byte[] timex, int offset) => IntPtr.Size == sizeof(long)
        ? MemoryMarshal.Read<long>(timex.AsSpan(offset))
        : MemoryMarshal.Read<int>(timex.AsSpan(offset));

    [DllImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AdjustTime([In, Out] byte[] timex);
}
