using EdgeTwin.OpcUa.Client.Subscriptions;

namespace EdgeTwin.Benchmarks.OpcUa.Recovery;

/// <summary>Everything that a subscription told, in order. Its one item counts up by one, so that every loss is a hole
/// in the numbers.</summary>
internal sealed class ValueTrail
{
    private readonly Lock guard = new();
    private readonly List<Step> steps = [];

    public ValueTrail(ClientSubscription subscription) => Ended = ReadAsync(subscription);

    /// <summary>Completes with the subscription.</summary>
    public Task Ended { get; }

    public int Count
    {
        get
        {
            lock (guard) return steps.Count;
        }
    }

    /// <summary>When the first value behind the last recovery came; null when there is none yet.</summary>
    /// <param name="from">Where to begin.</param>
    public long? ValueAfterRecovery(int from)
    {
        lock (guard)
        {
            var recovery = steps.FindLastIndex(static s => s.Recovery is not null);
            if (recovery < from) return null;
            var value = steps.FindIndex(recovery, static s => s.Value is not null);
            return value < 0 ? null : steps[value].At;
        }
    }

    /// <summary>How many values came behind the last recovery.</summary>
    public int ValuesSinceRecovery()
    {
        lock (guard)
        {
            return steps.Count - 1 - steps.FindLastIndex(static s => s.Recovery is not null);
        }
    }

    /// <summary>Judges what came from a step on: what is missing, and how the subscription came back.</summary>
    public (int Missing, string How) Judge(int from)
    {
        lock (guard)
        {
            var (missing, gaps, recreations) = (0, 0, 0);
            var how = new List<string>();
            int? last = null;
            foreach (var step in steps.Skip(from))
            {
                if (step.Recovery is { } recovery) how.Add(recovery.ToString());
                if (step.IsGap) gaps++;
                if (step.Recovery == RecoveryKind.Recreated)
                {
                    // What the server did not keep cannot be missing; that it is missing must be told.
                    recreations++;
                    last = null;
                }

                if (step.Value is not { } value) continue;
                if (last is { } before && value != before + 1) missing += Math.Max(value - before - 1, 1);
                last = value;
            }

            return (missing + Math.Max(recreations - gaps, 0), string.Join('+', how));
        }
    }

    private async Task ReadAsync(ClientSubscription subscription)
    {
        await foreach (var notice in subscription.Notices.ReadAllAsync())
        {
            var now = TimeProvider.System.GetTimestamp();
            lock (guard)
            {
                switch (notice)
                {
                    case RecoveryNotice recovery:
                        steps.Add(new Step(now, null, recovery.Kind, false));
                        break;
                    case GapNotice:
                        steps.Add(new Step(now, null, null, true));
                        break;
                    case DataChangeNotice changes:
                        foreach (var change in changes.Changes)
                        {
                            if (change.Value.Status.IsGood)
                                steps.Add(new Step(now, change.Value.Value.Get<int>(), null, false));
                        }

                        break;
                }
            }
        }
    }

    private readonly record struct Step(long At, int? Value, RecoveryKind? Recovery, bool IsGap);
}
