using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Simulation;

/// <summary>
/// A simulated pump, pipe and tank as a source: each scan first brings the plant up to the present, then measures it.
/// The plant starts from standstill when the source connects.
/// </summary>
internal sealed class SimulationSource : IWritableSource, IReadBackSource
{
    // A gateway that was suspended for a day is not to compute that day at once.
    private static readonly long MostStepsAtOnce = TimeSpan.FromHours(1).Ticks / SimulatedPlant.StepLength.Ticks;

    private readonly SourceContext context;
    private readonly SimulationConfig config;
    private readonly (SourceTag Tag, SimulationPoint? Point)[] points;
    private readonly SensorNoise noise;
    private readonly SimulatedPlant plant;
    private TimeSpan simulatedFrom;
    private long stepsDone;

    private SimulationSource(SourceContext context)
    {
        this.context = context;
        config = (SimulationConfig)context.Config;
        points = [.. context.Tags.Select(tag => (tag, SimulationPoint.Find(tag.Config.Address)))];
        noise = new SensorNoise(config.Seed, config.Noise);
        plant = new SimulatedPlant(config);
    }

    /// <summary>The line in the catalog.</summary>
    public static SourceDriver Driver { get; } =
        new("simulation", typeof(SimulationConfig), context => new SimulationSource(context), SimulationPoint.CheckTag);

    /// <inheritdoc/>
    public ValueTask ConnectAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        simulatedFrom = Now();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        BringUpToNow();
        var batch = SampleBatch.Rent();
        var now = context.Time.GetUtcNow().UtcDateTime;
        var clock = context.Clock();
        foreach (var (tag, point) in points) batch.Add(Measure(tag, point, now, clock));
        return inbox.PostAsync(batch, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Sample> ReadBackAsync(TagId tag, CancellationToken cancellation)
    {
        BringUpToNow();
        var (found, point) = Find(tag);
        return ValueTask.FromResult(Measure(found, point, context.Time.GetUtcNow().UtcDateTime, context.Clock()));
    }

    /// <inheritdoc/>
    public ValueTask<StatusCode> WriteAsync(TagId tag, TagValue value, CancellationToken cancellation)
    {
        BringUpToNow(); // what came before the write happened without it
        var (found, point) = Find(tag);
        var raw = found.ToRaw(value.AsDouble());
        return ValueTask.FromResult(
            point?.Write is not { } write ? StatusCode.BadNotWritable
            : !double.IsFinite(raw) ? StatusCode.BadTypeMismatch
            : raw < point.Low || raw > point.High ? StatusCode.BadOutOfRange
            : write(plant, raw) ? StatusCode.Good
            : StatusCode.BadInvalidState);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Sample Measure(SourceTag tag, SimulationPoint? point, DateTime now, ClockState clock)
    {
        if (point is null) // CheckTag refuses it; for a tag that came another way
            return new Sample(tag.Definition.Id, TagValue.None, StatusCode.BadConfigurationError, now, now, clock);
        var number = tag.ToEngineering(point.Read(plant) + noise.Next(point.Span));
        var fits = TagValue.TryFromDouble(tag.Definition.Type, number, out var value);
        var status = fits ? StatusCode.Good : StatusCode.BadOutOfRange;
        return new Sample(tag.Definition.Id, value, status, now, now, clock);
    }

    private (SourceTag Tag, SimulationPoint? Point) Find(TagId tag)
    {
        foreach (var entry in points)
        {
            if (entry.Tag.Definition.Id == tag) return entry;
        }

        throw new ArgumentException($"tag {tag} is not one of source '{context.Name}'", nameof(tag));
    }

    private void BringUpToNow()
    {
        var target = (long)((Now() - simulatedFrom) * config.SpeedFactor / SimulatedPlant.StepLength);
        var steps = Math.Min(target - stepsDone, MostStepsAtOnce);
        if (steps > 0) plant.Advance(steps);
        stepsDone = target;
    }

    private TimeSpan Now() => context.Time.GetElapsedTime(0);
}
