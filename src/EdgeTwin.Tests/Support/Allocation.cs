namespace EdgeTwin.Tests.Support;

/// <summary>What code allocates once it is warm.</summary>
internal static class Allocation
{
    private const int Tries = 5;

    /// <summary>Bytes that an action allocates on this thread: the least of five tries, for the runtime allocates too
    /// when it happens to compile a method anew in one of them.</summary>
    public static long Of(Action action)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Tries && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
