using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Nodes;

/// <summary>Reads on a thread of its own while a test changes things. The changes begin when the reader runs and go on
/// until it has read often enough: a reader that never had its turn proves nothing.</summary>
internal static class Meanwhile
{
    private const int LeastRounds = 50;

    /// <param name="isRight">One round of reading; false ends the test.</param>
    /// <param name="change">One round of changes, with its number.</param>
    /// <param name="leastChanges">Fewest rounds of changes.</param>
    public static async Task IsAlwaysRightAsync(Func<bool> isRight, Action<int> change, int leastChanges)
    {
        var rounds = 0;
        var wrong = 0;
        using var done = new CancellationTokenSource(RealTime.Patience);
        var reader = Task.Factory.StartNew(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    wrong += isRight() ? 0 : 1;
                    Interlocked.Increment(ref rounds);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (Volatile.Read(ref rounds) == 0 && !done.IsCancellationRequested)
        {
            await Task.Yield();
        }

        var before = Volatile.Read(ref rounds);
        for (var i = 0; !done.IsCancellationRequested
            && (i < leastChanges || Volatile.Read(ref rounds) - before < LeastRounds); i++)
        {
            change(i);
        }

        var during = Volatile.Read(ref rounds) - before;
        await done.CancelAsync();
        await reader;
        Assert.Equal(0, wrong);
        Assert.True(during >= LeastRounds, $"the reader had only {during} rounds during the changes");
    }
}
