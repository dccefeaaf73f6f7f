using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>
/// Tells live, quiet and dead apart, for tags that have a cadence:
/// <list type="bullet">
/// <item>live: the value or its quality changed within one and a half cadences;</item>
/// <item>quiet: it did not, but samples keep arriving and they are not bad;</item>
/// <item>dead: the sample is bad, or nothing arrives at all and a read-back, where the source can do one, is not
/// answered within <see cref="LongestProbe"/>. Its state then turns BadNoCommunication, once.</item>
/// </list>
/// A tag that was never heard of is dead too, once its time is up, but stays BadWaitingForInitialData.
/// </summary>
internal sealed class LivenessWatch
{
    /// <summary>How long an answer to a read-back may take; sources usually give up on it before.</summary>
    public static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(5);

    private readonly ILivenessProbe probe;
    private readonly Watched[] watched;
    private readonly int[] watchedOfTag;

    public LivenessWatch(IReadOnlyList<TagDefinition> tags, ILivenessProbe probe, DateTime start)
    {
        this.probe = probe;
        watched = [.. tags.Where(tag => tag.Cadence is not null).Select(tag => new Watched
        {
            Tag = tag.Id.Index,
            LimitTicks = tag.Cadence!.Value.Ticks * 3 / 2,
            ChangedTicks = start.Ticks,
        })];
        watchedOfTag = new int[tags.Count];
        Array.Fill(watchedOfTag, -1);
        for (var i = 0; i < watched.Length; i++) watchedOfTag[watched[i].Tag] = i;
    }

    public bool IsNeeded => watched.Length > 0;

    /// <summary>Shortest time after which a tag may be found quiet; long.MaxValue when none is watched.</summary>
    public long ShortestLimitTicks => watched.Length == 0 ? long.MaxValue : watched.Min(tag => tag.LimitTicks);

    /// <summary>A sample became the state of a tag; gives the liveness that follows at once.</summary>
    public Liveness Heard(int tag, Liveness current, bool isChanged, bool isBad, long nowTicks)
    {
        if (watchedOfTag[tag] < 0) return Liveness.Live;
        ref var watch = ref watched[watchedOfTag[tag]];
        watch.ProbedTicks = 0;
        if (isChanged) watch.ChangedTicks = nowTicks;
        if (isBad) return Liveness.Dead;
        return isChanged ? Liveness.Live : current == Liveness.Dead ? Liveness.Quiet : current;
    }

    /// <summary>Looks at all watched tags; writes the liveness of each into its state, and those that changed into
    /// <paramref name="changed"/>.</summary>
    public void Check(Span<TagState> states, long nowTicks, List<int> changed)
    {
        for (var i = 0; i < watched.Length; i++)
        {
            ref var watch = ref watched[i];
            ref var state = ref states[watch.Tag];
            var liveness = Judge(ref watch, in state, nowTicks);
            if (liveness == state.Liveness) continue;
            state.Liveness = liveness;
            changed.Add(watch.Tag);
        }
    }

    public void ShiftClock(TimeSpan by)
    {
        for (var i = 0; i < watched.Length; i++)
        {
            watched[i].ChangedTicks += by.Ticks;
            if (watched[i].ProbedTicks != 0) watched[i].ProbedTicks += by.Ticks;
        }
    }

    private Liveness Judge(ref Watched watch, in TagState state, long nowTicks)
    {
        if (nowTicks - watch.ChangedTicks <= watch.LimitTicks) return state.Liveness;
        if (state.Liveness == Liveness.Dead) return Liveness.Dead;
        if (nowTicks - state.HeardTicks <= watch.LimitTicks) return state.Sample.Status.IsBad ? Liveness.Dead
            : Liveness.Quiet;
        if (watch.ProbedTicks != 0)
            return nowTicks - watch.ProbedTicks < LongestProbe.Ticks ? state.Liveness : Liveness.Dead;
        if (!probe.TryProbe(new TagId(watch.Tag))) return Liveness.Dead;
        watch.ProbedTicks = nowTicks;
        return state.Liveness;
    }

    private struct Watched
    {
        public int Tag;
        public long LimitTicks;
        public long ChangedTicks;

        // When a read-back was asked for that is not answered yet; 0 when none is.
        public long ProbedTicks;
    }
}
