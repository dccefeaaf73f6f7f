using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Twin;

/// <summary>
/// All derived tags in an order in which each comes after those it reads, and which of them are to be computed again.
/// </summary>
internal sealed class DerivedTags
{
    private readonly (TagDefinition Tag, ExpressionEvaluator Evaluator)[] ordered;
    private readonly TagDependants dependants;
    private readonly Cause[] causes;
    private int firstDirty = int.MaxValue;

    /// <exception cref="ArgumentException">A derived tag reads itself, directly or through others.</exception>
    public DerivedTags(TagTable tags)
    {
        ordered = [.. Order(tags).Select(tag =>
            (tag, new ExpressionEvaluator(((TagOrigin.Derived)tag.Origin).Expression)))];
        dependants = new TagDependants(tags.Count, ordered.Select(derived => derived.Evaluator.Expression.References));
        causes = new Cause[ordered.Length];
        IsTimeDriven = Array.Exists(ordered, derived => derived.Evaluator.Expression.IsTimeDriven);
    }

    private enum Cause : byte
    {
        None,
        Time,
        Input,
    }

    /// <summary>Some derived tag changes with time alone, so that a tick is needed.</summary>
    public bool IsTimeDriven { get; }

    public bool DependsOn(int tag) => dependants.Of(tag).Length > 0;

    /// <summary>A tag has a new sample, or its liveness changed.</summary>
    public void Touch(int tag)
    {
        foreach (var derived in dependants.Of(tag))
        {
            causes[derived] = Cause.Input;
            firstDirty = Math.Min(firstDirty, derived);
        }
    }

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        for (var i = 0; i < ordered.Length; i++)
        {
            if (causes[i] != Cause.None || !ordered[i].Evaluator.Expression.IsTimeDriven) continue;
            causes[i] = Cause.Time;
            firstDirty = Math.Min(firstDirty, i);
        }
    }

    /// <summary>Computes the next derived tag that is due, in order; false when none is left.</summary>
    /// <param name="states">Current state by tag index.</param>
    /// <param name="now">The moment.</param>
    /// <param name="clock">State of the gateway's clock.</param>
    /// <param name="sample">The new sample of the derived tag.</param>
    public bool TryComputeNext(ReadOnlySpan<TagState> states, DateTime now, ClockState clock, out Sample sample)
    {
        for (; firstDirty < ordered.Length; firstDirty++)
        {
            var cause = causes[firstDirty];
            if (cause == Cause.None) continue;
            causes[firstDirty] = Cause.None;
            sample = Compute(firstDirty++, cause, states, now, clock);
            return true;
        }

        firstDirty = int.MaxValue;
        sample = default;
        return false;
    }

    public void ShiftClock(TimeSpan by)
    {
        foreach (var derived in ordered) derived.Evaluator.ShiftClock(by);
    }

    private Sample Compute(int index, Cause cause, ReadOnlySpan<TagState> states, DateTime now, ClockState clock)
    {
        var (tag, evaluator) = ordered[index];
        var result = evaluator.Evaluate(states, now.Ticks);
        var (value, status) = (TagValue.None, result.Status);
        if (!status.IsBad && !TagValue.TryFromDouble(tag.Type, result.Number, out value)) status =
            StatusCode.BadOutOfRange;
        // What follows from inputs is as new as the newest of them; what follows from the passing of time is true now.
        var sourceTime = cause == Cause.Time || result.SourceTicks == 0 ? now
            : new DateTime(result.SourceTicks, DateTimeKind.Utc);
        var previous = states[tag.Id.Index].Sample.SourceTime;
        if (sourceTime < previous && previous <= now) sourceTime = previous;
        return new Sample(tag.Id, value, status, sourceTime, now, clock);
    }

    private static List<TagDefinition> Order(TagTable tags)
    {
        var order = new List<TagDefinition>();
        var visited = new Dictionary<TagId, bool>(); // false while its inputs are being visited
        foreach (var tag in tags.All) Visit(tag);
        return order;

        void Visit(TagDefinition tag)
        {
            if (tag.Origin is not TagOrigin.Derived derived) return;
            if (visited.TryGetValue(tag.Id, out var isDone))
            {
                if (isDone) return;
                throw new ArgumentException($"derived tag '{tag.Name}' reads itself", nameof(tags));
            }

            visited[tag.Id] = false;
            foreach (var input in derived.Expression.References) Visit(tags[input]);
            visited[tag.Id] = true;
            order.Add(tag);
        }
    }
}
