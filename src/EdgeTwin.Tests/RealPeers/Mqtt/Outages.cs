using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>A far side that goes and comes back while samples keep coming.</summary>
internal static class Outages
{
    private const int Rounds = 60;
    private const int PerRound = 100;
    private const int RoundsAway = 10;

    /// <summary>Appends so while connections are reset and refused.</summary>
    public static Task AppendAsync(Func<int, Task> append, FlappingProxy proxy, params int[] at)
    {
        return AppendAsync(append, proxy.CutAsync, MendAsync, at);

        Task MendAsync()
        {
            proxy.Mend();
            return Task.CompletedTask;
        }
    }

    /// <summary>Appends six thousand samples in rounds, and a thousand more in each outage.</summary>
    /// <param name="append">Appends so many samples.</param>
    /// <param name="goes">The far side goes.</param>
    /// <param name="comes">It comes back.</param>
    /// <param name="at">After which rounds of the sixty.</param>
    public static async Task AppendAsync(Func<int, Task> append, Func<Task> goes, Func<Task> comes, params int[] at)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await append(PerRound);
            if (!at.Contains(round)) continue;
            await goes();
            for (var away = 0; away < RoundsAway; away++) await append(PerRound);
            await comes();
        }
    }
}
