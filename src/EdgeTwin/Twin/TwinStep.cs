using EdgeTwin.Alarms;
using EdgeTwin.Prediction;
using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>
/// The twin without threads, clock or disk: samples and the time go in, recorded samples and alarm transitions come
/// out. The same ordered input with the same times gives the same output, so any hour can be run again. One owner;
/// allocates nothing per sample once its buffers have their size.
/// <para>Derived tags, alarms and models see every sample: where a batch holds a tag twice and something reads it, the
/// batch is worked off in parts.</para>
/// </summary>
internal sealed class TwinStep
{
    /// <summary>
    /// A sample older than the newest of its tag is late: it is recorded and does not become the live state. When
    /// nothing but late samples came for this long, the device's clock was set back, and its new time is taken up.
    /// </summary>
    public static readonly TimeSpan LateFor = TimeSpan.FromSeconds(10);

    // Alarms whose conditions read alarms are followed this far within one batch, the rest with the next.
    private const int MostRounds = 8;

    private static readonly TimeSpan FastestTick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowestTick = TimeSpan.FromSeconds(1);

    private readonly TagTable tags;
    private readonly AlarmEngine alarms;
    private readonly SampleJudge judge;
    private readonly DerivedTags derived;
    private readonly ModelFeed models;
    private readonly LivenessWatch liveness;
    private readonly Recorder recorder;
    private readonly SampleBuffer? changes;
    private readonly TagState[] states;
    private readonly Timeline[] timelines;
    private readonly bool[] hasReaders;
    private readonly int[] touchedIn;
    private readonly List<int> changedAlarms = [];
    private readonly List<int> changedTags = [];
    private int part = 1;
    private DateTime nextTick;
    private ClockState clock;
    private long samplesIn;
    private long batches;
    private long derivations;
    private long lateSamples;
    private long unknownTags;

    /// <param name="tags">All tags, retired ones included.</param>
    /// <param name="alarms">The alarms.</param>
    /// <param name="predictors">The models.</param>
    /// <param name="probe">Reads silent tags back.</param>
    /// <param name="start">The time at which everything begins.</param>
    /// <param name="collectsChanges">Whether somebody wants <see cref="Changes"/>.</param>
    /// <exception cref="ArgumentException">A derived tag reads itself.</exception>
    public TwinStep(TagTable tags, AlarmEngine alarms, IReadOnlyList<IPredictor> predictors, ILivenessProbe probe,
        DateTime start, bool collectsChanges = false)
    {
        this.tags = tags;
        this.alarms = alarms;
        changes = collectsChanges ? new SampleBuffer() : null;
        judge = new SampleJudge(tags.All);
        derived = new DerivedTags(tags);
        models = new ModelFeed(predictors, tags.Count);
        liveness = new LivenessWatch(tags.All, probe, start);
        recorder = new Recorder(tags.All);
        states = [.. tags.All.Select(tag => Unheard(tag, start))];
        timelines = new Timeline[tags.Count];
        touchedIn = new int[tags.Count];
        hasReaders = [.. Enumerable.Range(0, tags.Count).Select(tag => derived.DependsOn(tag) || alarms.DependsOn(tag)
            || models.DependsOn(tag))];
        var isFast = derived.IsTimeDriven || alarms.IsTimeDriven || liveness.ShortestLimitTicks < 4 * SlowestTick.Ticks;
        TickInterval = isFast ? FastestTick : SlowestTick;
        nextTick = start + TickInterval;
        // What an alarm was before the restart, or Normal, is known from the beginning.
        for (var alarm = 0; alarm < alarms.Count; alarm++) TakeAlarm(alarm, start);
    }

    /// <summary>How often time alone is worked off.</summary>
    public TimeSpan TickInterval { get; }

    /// <summary>When the twin wants to be called again even if nothing comes in.</summary>
    public DateTime NextDue => alarms.NextDueTicks < nextTick.Ticks
        ? new DateTime(alarms.NextDueTicks, DateTimeKind.Utc) : nextTick;

    /// <summary>The live state by <see cref="TagId.Index"/>.</summary>
    public ReadOnlySpan<TagState> States => states;

    /// <summary>What is to be journaled, in order, since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<Sample> Recorded => recorder.Recorded.Samples;

    /// <summary>What became the live state, in order, since <see cref="Clear"/>; empty where nobody wants it.</summary>
    public ReadOnlySpan<Sample> Changes => changes is null ? default : changes.Samples;

    /// <summary>Which alarms changed since <see cref="Clear"/>.</summary>
    public IReadOnlyList<AlarmTransition> Transitions => alarms.Transitions;

    public TwinCounters Counters => new()
    {
        SamplesIn = samplesIn,
        SamplesRecorded = recorder.Count,
        Batches = batches,
        Derivations = derivations,
        LateSamples = lateSamples,
        TypeMismatches = judge.TypeMismatches,
        OutOfRange = judge.OutOfRange,
        UnknownTags = unknownTags,
    };

    /// <summary>Forgets what came out, once it is taken care of.</summary>
    public void Clear()
    {
        recorder.Recorded.Clear();
        changes?.Clear();
        alarms.ClearTransitions();
    }

    /// <summary>Works off one batch. <paramref name="now"/> never goes back; see <see cref="ShiftClock"/>.</summary>
    public void Apply(ReadOnlySpan<Sample> samples, DateTime now)
    {
        if (now >= nextTick) Tick(now);
        batches++;
        samplesIn += samples.Length;
        foreach (ref readonly var sample in samples)
        {
            var tag = sample.Tag.Index;
            if ((uint)tag >= (uint)states.Length)
            {
                unknownTags++;
                continue;
            }

            if (touchedIn[tag] == part && hasReaders[tag]) Settle(now);
            clock = sample.Clock;
            Take(in sample, now, mayBeLate: true);
        }

        Settle(now);
    }

    /// <summary>Records samples that tell of the past. The live state stays what it is, a tag is not heard of by them,
    /// and nothing is derived from them.</summary>
    public void Keep(ReadOnlySpan<Sample> samples, DateTime now)
    {
        if (now >= nextTick) Tick(now);
        batches++;
        samplesIn += samples.Length;
        foreach (ref readonly var sample in samples)
        {
            if ((uint)sample.Tag.Index >= (uint)states.Length)
            {
                unknownTags++;
                continue;
            }

            lateSamples++;
            var judged = judge.Judge(in sample, out var number);
            recorder.Offer(in judged, number, isLate: true);
        }
    }

    /// <summary>Works off the passing of time: liveness, windows, delays of alarms.</summary>
    public void Tick(DateTime now)
    {
        if (now >= nextTick)
        {
            nextTick = now + TickInterval;
            CheckLiveness(now);
            derived.Tick();
            alarms.Tick();
        }

        Settle(now);
    }

    /// <summary>Does what an operator wants of an alarm.</summary>
    public AlarmCommandResult Do(AlarmCommand command, DateTime now)
    {
        var result = alarms.Do(command, states, now, out var changed);
        if (changed >= 0) TakeAlarm(changed, now);
        Settle(now);
        return result;
    }

    /// <summary>The gateway's clock was set; everything that runs is moved so that it lasts as long as it
    /// should.</summary>
    public void ShiftClock(TimeSpan by)
    {
        foreach (ref var state in states.AsSpan()) state.HeardTicks += by.Ticks;
        foreach (ref var timeline in timelines.AsSpan()) timeline.OnTimeTicks += by.Ticks;
        liveness.ShiftClock(by);
        derived.ShiftClock(by);
        alarms.ShiftClock(by);
        nextTick += by;
    }

    public TwinSnapshot Snapshot(DateTime now)
    {
        var snapshots = new TagSnapshot[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            ref readonly var state = ref states[i];
            var heardAt = timelines[i].WasHeard ? new DateTime(state.HeardTicks, DateTimeKind.Utc) : (DateTime?)null;
            snapshots[i] = new TagSnapshot(tags.All[i], state.Sample, state.Liveness, heardAt);
        }

        return new TwinSnapshot(now, snapshots, alarms.Snapshot(states), Counters);
    }

    private static TagState Unheard(TagDefinition tag, DateTime start) => new()
    {
        Sample = new Sample(tag.Id, TagValue.None, StatusCode.BadWaitingForInitialData, start, start,
            ClockState.Unsynchronised),
        Number = double.NaN,
        HeardTicks = start.Ticks,
    };

    private void Take(in Sample raw, DateTime now, bool mayBeLate)
    {
        var tag = raw.Tag.Index;
        var sample = judge.Judge(in raw, out var number);
        ref var timeline = ref timelines[tag];
        var isBad = sample.Status.IsBad;
        timeline.WasHeard = true;
        states[tag].HeardTicks = now.Ticks;
        if (mayBeLate && !isBad && sample.SourceTime.Ticks < timeline.NewestTicks
            && now.Ticks - timeline.OnTimeTicks < LateFor.Ticks)
        {
            lateSamples++;
            recorder.Offer(in sample, number, isLate: true);
            return;
        }

        if (!isBad) (timeline.NewestTicks, timeline.OnTimeTicks) = (sample.SourceTime.Ticks, now.Ticks);
        Become(in sample, number, now);
    }

    private void Become(in Sample sample, double number, DateTime now)
    {
        ref var state = ref states[sample.Tag.Index];
        var isChanged = sample.Status != state.Sample.Status || sample.Value != state.Sample.Value;
        state.Liveness = liveness.Heard(sample.Tag.Index, state.Liveness, isChanged, sample.Status.IsBad, now.Ticks);
        state.Sample = sample;
        state.Number = number;
        recorder.Offer(in sample, number, isLate: false);
        changes?.Add(in sample);
        Touch(sample.Tag.Index);
    }

    private void Touch(int tag)
    {
        touchedIn[tag] = part;
        if (!hasReaders[tag]) return;
        derived.Touch(tag);
        alarms.Touch(tag);
        models.Touch(tag);
    }

    private void Settle(DateTime now)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            while (derived.TryComputeNext(states, now, clock, out var sample))
            {
                derivations++;
                Take(in sample, now, mayBeLate: false);
            }

            if (!alarms.Step(states, now, changedAlarms)) break;
            foreach (var alarm in changedAlarms) TakeAlarm(alarm, now);
            changedAlarms.Clear();
        }

        models.Offer(states, now);
        part++;
    }

    private void TakeAlarm(int alarm, DateTime now)
    {
        var (tag, state) = alarms.StateOf(alarm);
        Take(new Sample(tag, TagValue.From((int)state), StatusCode.Good, now, now, clock), now, mayBeLate: false);
    }

    private void CheckLiveness(DateTime now)
    {
        if (!liveness.IsNeeded) return;
        liveness.Check(states, now.Ticks, changedTags);
        foreach (var tag in changedTags)
        {
            ref readonly var state = ref states[tag];
            if (state.Liveness == Liveness.Dead && !state.Sample.Status.IsBad)
                Become(new Sample(new TagId(tag), TagValue.None, StatusCode.BadNoCommunication, now, now, clock),
                    double.NaN, now);
            else
                Touch(tag);
        }

        changedTags.Clear();
    }

    private struct Timeline
    {
        // Source time of the newest sample that was not bad.
        public long NewestTicks;

        // When it came, by the gateway's clock.
        public long OnTimeTicks;
        public bool WasHeard;
    }
}
