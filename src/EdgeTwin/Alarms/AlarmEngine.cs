using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Alarms;

/// <summary>
/// All alarms of one twin. It looks only at those whose inputs changed or whose time has come, in the order of the
/// configuration, and allocates only when an alarm changes. One owner, the twin's loop; it has no clock.
/// </summary>
internal sealed partial class AlarmEngine
{
    private readonly Entry[] entries;
    private readonly TagDependants dependants;
    private readonly int[] timeDriven;
    private readonly bool[] isDirty;
    private readonly ILogger logger;
    private readonly List<AlarmTransition> transitions = [];
    private bool isAnyDirty;
    private bool isAnyUnkept;
    private long nextDue = long.MaxValue;

    /// <param name="alarms">The alarms, in the order of the configuration.</param>
    /// <param name="tagCount">Number of tags in the table.</param>
    /// <param name="kept">Gives what was kept under a key before the restart; null when nothing was.</param>
    /// <param name="logger">For changes of state.</param>
    public AlarmEngine(IReadOnlyList<AlarmDefinition> alarms, int tagCount, Func<string, byte[]?> kept, ILogger logger)
    {
        this.logger = logger;
        entries = [.. alarms.Select(alarm => Open(alarm, kept))];
        dependants = new TagDependants(tagCount, entries.Select(entry => entry.References));
        timeDriven = [.. Enumerable.Range(0, entries.Length).Where(i => entries[i].IsTimeDriven)];
        isDirty = new bool[entries.Length];
        for (var i = 0; i < entries.Length; i++) MarkDirty(i);
    }

    /// <summary>Some alarm changes with time alone, so that a tick is needed.</summary>
    public bool IsTimeDriven => timeDriven.Length > 0;

    /// <summary>When a delay or a shelving ends, UTC ticks; long.MaxValue when none runs.</summary>
    public long NextDueTicks => nextDue;

    public int Count => entries.Length;

    /// <summary>What changed since <see cref="ClearTransitions"/>.</summary>
    public IReadOnlyList<AlarmTransition> Transitions => transitions;

    public void ClearTransitions() => transitions.Clear();

    public bool DependsOn(int tag) => dependants.Of(tag).Length > 0;

    /// <summary>A tag has a new sample, or its liveness changed.</summary>
    public void Touch(int tag)
    {
        foreach (var alarm in dependants.Of(tag)) MarkDirty(alarm);
    }

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        foreach (var alarm in timeDriven) MarkDirty(alarm);
    }

    /// <summary>Follows what was touched and what is due; true when an alarm changed, whose new state is then in
    /// <paramref name="changed"/>.</summary>
    public bool Step(ReadOnlySpan<TagState> states, DateTime now, List<int> changed)
    {
        if (now.Ticks >= nextDue) MarkDue(now);
        if (!isAnyDirty) return false;
        isAnyDirty = false;
        var before = changed.Count;
        for (var i = 0; i < entries.Length; i++)
        {
            if (!isDirty[i]) continue;
            isDirty[i] = false;
            if (Follow(entries[i], states, now)) changed.Add(i);
        }

        return changed.Count > before;
    }

    /// <summary>Does what an operator wants; the alarm's index comes back when its state changed, -1
    /// otherwise.</summary>
    public AlarmCommandResult Do(AlarmCommand command, ReadOnlySpan<TagState> states, DateTime now, out int changed)
    {
        changed = -1;
        var index = Array.FindIndex(entries, entry => entry.Definition.Name == command.Alarm);
        if (index < 0)
        {
            var near = NearestName.Find(command.Alarm, entries.Select(entry => entry.Definition.Name));
            return new AlarmCommandResult(
                AlarmState.Normal, $"there is no alarm '{command.Alarm}'"
                + (near is null ? "" : $"; did you mean '{near}'?"));
        }

        var entry = entries[index];
        var before = entry.Condition.State;
        if (entry.Condition.Do(command.Action, command.ShelveFor, now) is { } refusal)
            return new AlarmCommandResult(before, $"alarm '{command.Alarm}': {refusal}");
        MarkUnkept(entry);
        Schedule(entry);
        if (Announce(entry, before, states, now, command.By, command.Comment)) changed = index;
        return new AlarmCommandResult(entry.Condition.State, null);
    }

    /// <summary>State of an alarm as a sample of its tag.</summary>
    public (TagId Tag, AlarmState State) StateOf(int alarm) =>
        (entries[alarm].Definition.StateTag, entries[alarm].Condition.State);

    /// <summary>Hands over what a restart needs of each alarm that moved since the last call.</summary>
    public void KeepChanges(ISampleLog log)
    {
        if (!isAnyUnkept) return;
        isAnyUnkept = false;
        Span<byte> saved = stackalloc byte[AlarmCondition.SavedSizeBytes];
        foreach (var entry in entries)
        {
            if (!entry.IsUnkept) continue;
            entry.IsUnkept = false;
            entry.Condition.Save(saved);
            log.Keep(entry.KeptKey, saved);
        }
    }

    public AlarmSnapshot[] Snapshot(ReadOnlySpan<TagState> states)
    {
        var snapshots = new AlarmSnapshot[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var (definition, condition) = (entries[i].Definition, entries[i].Condition);
            snapshots[i] = new AlarmSnapshot(
                definition.Name, condition.State, condition.IsActive, definition.Severity,
                definition.Message.Render(states),
                condition.Since, condition.PendingSince, condition.ShelvedUntil);
        }

        return snapshots;
    }

    /// <summary>Moves running delays and windows after the clock was set.</summary>
    public void ShiftClock(TimeSpan by)
    {
        foreach (var entry in entries)
        {
            entry.Condition.ShiftClock(by);
            entry.ShiftClock(by);
            MarkUnkept(entry);
        }

        RefreshDue();
    }

    private Entry Open(AlarmDefinition alarm, Func<string, byte[]?> kept)
    {
        var entry = new Entry(alarm);
        if (kept(alarm.KeptKey) is { } saved)
        {
            if (entry.Condition.TryRestore(saved)) Schedule(entry);
            else LogDamaged(alarm.Name, saved.Length);
        }

        return entry;
    }

    private void MarkDirty(int alarm)
    {
        isDirty[alarm] = true;
        isAnyDirty = true;
    }

    private void MarkUnkept(Entry entry)
    {
        entry.IsUnkept = true;
        isAnyUnkept = true;
    }

    private void MarkDue(DateTime now)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].DueTicks > now.Ticks) continue;
            entries[i].DueTicks = long.MaxValue;
            MarkDirty(i);
        }

        RefreshDue();
    }

    private void RefreshDue()
    {
        nextDue = long.MaxValue;
        foreach (var entry in entries) nextDue = Math.Min(nextDue, entry.DueTicks);
    }

    private void Schedule(Entry entry)
    {
        entry.DueTicks = entry.Condition.NextDue(entry.IsConditionKnown)?.Ticks ?? long.MaxValue;
        nextDue = Math.Min(nextDue, entry.DueTicks);
    }

    private bool Follow(Entry entry, ReadOnlySpan<TagState> states, DateTime now)
    {
        var condition = entry.Condition;
        var (before, pending) = (condition.State, condition.PendingSince);
        var wasActive = condition.IsActive;
        condition.Follow(entry.IsWanted(states, now), entry.IsSuppressed(states, now), now);
        if (before != condition.State || pending != condition.PendingSince
            || wasActive != condition.IsActive) MarkUnkept(entry);
        Schedule(entry);
        return Announce(entry, before, states, now, by: null, comment: null);
    }

    private bool Announce(Entry entry, AlarmState before, ReadOnlySpan<TagState> states, DateTime now, string? by,
        string? comment)
    {
        var after = entry.Condition.State;
        if (after == before) return false;
        var (name, severity) = (entry.Definition.Name, entry.Definition.Severity);
        var message = entry.Definition.Message.Render(states);
        transitions.Add(new AlarmTransition(name, before, after, now, severity, message, by, comment));
        if (after == AlarmState.ActiveUnacknowledged) LogRaised(name, severity, message);
        else LogChanged(name, before, after, by ?? "the process", message);
        return true;
    }

    [LoggerMessage(1500, LogLevel.Warning, "Alarm {Alarm} (severity {Severity}) is active: {Message}")]
    private partial void LogRaised(string alarm, int severity, string message);

    [LoggerMessage(1501, LogLevel.Information, "Alarm {Alarm} went from {From} to {To} by {By}: {Message}")]
    private partial void LogChanged(string alarm, AlarmState from, AlarmState to, string by, string message);

    [LoggerMessage(1502, LogLevel.Error,
        "The kept state of alarm {Alarm} is damaged ({SizeBytes} bytes); it starts as Normal")]
    private partial void LogDamaged(string alarm, int sizeBytes);

    // One alarm with what it needs at run time.
    private sealed class Entry(AlarmDefinition definition)
    {
        private readonly ExpressionEvaluator when = new(definition.When);
        private readonly ExpressionEvaluator? suppressWhen = definition.SuppressWhen is { } text
            ? new ExpressionEvaluator(text) : null;

        public AlarmDefinition Definition => definition;
        public AlarmCondition Condition { get; } = new(definition.Timing);
        public string KeptKey { get; } = definition.KeptKey;
        public long DueTicks { get; set; } = long.MaxValue;
        public bool IsUnkept { get; set; }
        public bool IsConditionKnown { get; private set; }
        public bool IsTimeDriven => definition.When.IsTimeDriven || definition.SuppressWhen is { IsTimeDriven: true };
        public IEnumerable<TagId> References =>
            definition.When.References.Union(definition.SuppressWhen?.References ?? []);

        public bool? IsWanted(ReadOnlySpan<TagState> states, DateTime now)
        {
            var result = when.Evaluate(states, now.Ticks, Condition.IsActive ? definition.Hysteresis : 0);
            IsConditionKnown = !result.Status.IsBad;
            return IsConditionKnown ? result.IsTrue : null;
        }

        public bool? IsSuppressed(ReadOnlySpan<TagState> states, DateTime now)
        {
            if (suppressWhen is null) return false;
            var result = suppressWhen.Evaluate(states, now.Ticks);
            return result.Status.IsBad ? null : result.IsTrue;
        }

        public void ShiftClock(TimeSpan by)
        {
            when.ShiftClock(by);
            suppressWhen?.ShiftClock(by);
            if (DueTicks != long.MaxValue) DueTicks += by.Ticks;
        }
    }
}
