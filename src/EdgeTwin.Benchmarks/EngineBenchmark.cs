using System.Diagnostics;
using EdgeTwin.Alarms;
using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;
using EdgeTwin.Twin;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// How many samples one core takes through apply, derive and alarms, and how much it allocates meanwhile. The mix is
/// that of a machine: 1,000 tags, most numbers with a range and a deadband; 50 derived tags, a fifth of them over time
/// windows; 50 alarms with delays and hysteresis; batches of 100 at 10 scans a second. Values wander, so that some are
/// recorded, some are out of range, and alarms come and go.
/// </summary>
internal static class EngineBenchmark
{
    private const int TagCount = 1000;
    private const int DerivedCount = 50;
    private const int AlarmCount = 50;
    private const int BatchSize = 100;

    public static Task RunAsync(BenchmarkArguments arguments)
    {
        var seconds = arguments.Option("seconds", 5);
        var plant = new Plant();
        plant.Run(TimeSpan.FromSeconds(2));
        var before = plant.Counters;
        var transitionsBefore = plant.Transitions;
        var restless = Measure(plant, TimeSpan.FromSeconds(seconds));
        var counters = plant.Counters;
        var samples = counters.SamplesIn - before.SamplesIn;
        var conditions =
            $"{TagCount} tags, {DerivedCount} derived, {AlarmCount} alarms, batches of {BatchSize}, one thread; "
            + $"{(counters.SamplesRecorded - before.SamplesRecorded) * 100.0 / samples:0} recorded, "
            + $"{(counters.Derivations - before.Derivations) * 100.0 / samples:0} derived "
            + $"and {(plant.Transitions - transitionsBefore) * 1e6 / samples:0.0000} alarm changes per 100, 100 and "
            + $"1,000,000 samples";
        arguments.Report.AtLeast("throughput", restless.SamplesPerSecond, "samples/s", 1_000_000, conditions);
        arguments.Report.Note("allocated-with-alarm-changes", restless.BytesPerSample, "bytes/sample",
            "a change of an alarm is kept as a record with its message");

        plant.Calm();
        plant.Run(TimeSpan.FromSeconds(1));
        transitionsBefore = plant.Transitions;
        var calm = Measure(plant, TimeSpan.FromSeconds(seconds));
        arguments.Report.AtMost(
            "allocated", calm.BytesPerSample, "bytes/sample", 0,
            $"the same, {plant.Transitions - transitionsBefore} alarm changes, all evaluated");
        arguments.Report.Note("throughput-calm", calm.SamplesPerSecond, "samples/s", "the same");
        return Task.CompletedTask;
    }

    private static (double SamplesPerSecond, double BytesPerSample) Measure(Plant plant, TimeSpan duration)
    {
        GC.Collect();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (samples, elapsed) = plant.Run(duration);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return (samples / elapsed.TotalSeconds, allocated / (double)samples);
    }

    private sealed class Plant
    {
        private readonly TagTable tags = new();
        private readonly TwinStep step;
        private readonly Sample[] batch = new Sample[BatchSize];
        private readonly Sample[] journal = new Sample[65536];
        private readonly double[] values = new double[TagCount];
        private readonly Random random = new(1);
        private DateTime now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        private int journaled;
        private int next;
        private double reach = 60;

        public Plant()
        {
            for (var i = 0; i < TagCount; i++) AddSource(i);
            for (var i = 0; i < DerivedCount; i++) AddDerived(i);
            var alarms = Enumerable.Range(0, AlarmCount).Select(AddAlarm).ToArray();
            var engine = new AlarmEngine(alarms, tags.Count, _ => null, NullLogger.Instance);
            step = new TwinStep(tags, engine, Array.Empty<IPredictor>(), NoProbe.Instance, now);
        }

        public TwinCounters Counters => step.Counters;

        public long Transitions { get; private set; }

        /// <summary>Keeps all values in the middle, so that after a while no alarm changes any more.</summary>
        public void Calm() => reach = 4;

        /// <summary>Feeds the plant for so long; the samples that went in, and the time spent inside the twin
        /// only.</summary>
        public (long Samples, TimeSpan Elapsed) Run(TimeSpan duration)
        {
            var (samples, ticks) = (0L, 0L);
            var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < end)
            {
                for (var i = 0; i < 100; i++)
                {
                    Scan();
                    var before = Stopwatch.GetTimestamp();
                    step.Apply(batch, now);
                    HandOn();
                    ticks += Stopwatch.GetTimestamp() - before;
                    samples += BatchSize;
                }
            }

            return (samples, TimeSpan.FromSeconds(ticks / (double)Stopwatch.Frequency));
        }

        private void Scan()
        {
            // Ten batches make a scan of all tags, and ten scans a second.
            now = now.AddMilliseconds(10);
            for (var i = 0; i < BatchSize; i++)
            {
                ref var value = ref values[next];
                value = Math.Clamp(value + random.NextDouble() - 0.5, -reach, reach);
                batch[i] = new Sample(new TagId(next), TagValue.From(value), StatusCode.Good, now, now,
                    ClockState.Synchronised);
                next = (next + 1) % TagCount;
            }
        }

        // As the journal's tail does: a copy into memory.
        private void HandOn()
        {
            var recorded = step.Recorded;
            if (journaled + recorded.Length > journal.Length) journaled = 0;
            recorded.CopyTo(journal.AsSpan(journaled));
            journaled += recorded.Length;
            Transitions += step.Transitions.Count;
            step.Clear();
        }

        private void AddSource(int i) => tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = $"tag-{i}",
            Type = TagDataType.Float64,
            Origin = new TagOrigin.Source("plc", $"holding:{2 * i}"),
            Range = i % 3 == 0 ? null : new ValueRange(-50, 50),
            Deadband = i % 2 == 0 ? 0.3 : 0,
            Cadence = i % 4 == 0 ? TimeSpan.FromSeconds(1) : null,
        });

        private void AddDerived(int i)
        {
            var (a, b, c) = ($"tag-{i * 19}", $"tag-{(i * 19) + 7}", $"tag-{(i * 13) + 5}");
            var expression = Parse((i % 5) switch
            {
                0 => $"{a} / 60000 * {b} * 1e5",
                1 => $"avg({a}, 10s) - {b}",
                2 => $"if({a} > {b}, {a} - {b}, 0) + abs({c})",
                3 => $"sqrt({a} ^ 2 + {b} ^ 2 + {c} ^ 2)",
                _ => $"max({a}, 30s) - min({b}, {c})",
            });
            tags.Add(id => new TagDefinition
            {
                Id = id,
                Name = $"derived-{i}",
                Type = TagDataType.Float64,
                Origin = new TagOrigin.Derived(expression),
                Deadband = 0.1,
            });
        }

        private AlarmDefinition AddAlarm(int i)
        {
            var state = tags.Add(id => new TagDefinition
            {
                Id = id,
                Name = $"alarm.a{i}",
                Type = TagDataType.Int32,
                Origin = new TagOrigin.Alarm($"a{i}"),
            });
            var config = new AlarmConfig
            {
                When = i % 2 == 0 ? $"tag-{(i * 17) + 3} > 45" : $"derived-{i} > 55 or bad(tag-{i}) or tag-{i} < -58",
                OnDelay = TimeSpan.FromSeconds(3),
                OffDelay = TimeSpan.FromSeconds(10),
                Hysteresis = 2,
                Message = $"tag-{i} is {{tag-{i}}}",
            };
            return AlarmDefinition.TryCreate($"a{i}", config, state.Id, new Scope(tags), out _)
                ?? throw new InvalidOperationException($"alarm a{i} of the benchmark has an error");
        }

        private Expression Parse(string text) =>
            Expression.TryParse(text, new Scope(tags), out var expression, out var errors)
            ? expression
            : throw new InvalidOperationException($"'{text}': {string.Join("; ", errors)}");
    }

    private sealed class Scope(TagTable tags) : IExpressionScope
    {
        public IEnumerable<string> Names => tags.All.Select(tag => tag.Name);

        public bool TryFind(string name,
            [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TagDefinition? definition) =>
            tags.TryFind(name, out definition);
    }
}
