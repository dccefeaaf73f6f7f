using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Twin;

public class TwinStepTests
{
    private readonly TwinBench bench = new();

    [Fact]
    public void A_tag_waits_for_initial_data_until_it_is_heard()
    {
        bench.Source("flow");
        Assert.Equal(StatusCode.BadWaitingForInitialData, bench.State("flow").Sample.Status);
        Assert.Null(bench.Step.Snapshot(bench.Now).Tags[0].HeardAt);
        bench.Feed("flow", 3);
        Assert.Equal((3, StatusCode.Good), (bench.State("flow").Number, bench.State("flow").Sample.Status));
        Assert.Equal(bench.Now, bench.Step.Snapshot(bench.Now).Tags[0].HeardAt);
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_a_type_mismatch_without_a_value()
    {
        bench.Source("flow").Feed(bench.Make("flow", TagValue.From(7)));
        Assert.Equal(StatusCode.BadTypeMismatch, bench.State("flow").Sample.Status);
        Assert.True(bench.State("flow").Sample.Value.IsNone);
        bench.Feed(bench.Make("flow", TagValue.None));
        Assert.Equal(StatusCode.BadNoData, bench.State("flow").Sample.Status);
        Assert.Equal(2, bench.Step.Counters.TypeMismatches);
    }

    [Theory]
    [InlineData(130.1, true)]
    [InlineData(-0.1, true)]
    [InlineData(double.NaN, true)]
    [InlineData(130, false)]
    [InlineData(0, false)]
    public void A_value_outside_its_range_is_uncertain_and_kept(double value, bool isOutside)
    {
        bench.Source("flow", tag => tag with { Range = new ValueRange(0, 130) }).Feed("flow", value);
        Assert.Equal(isOutside ? StatusCode.UncertainEngineeringUnitsExceeded
            : StatusCode.Good, bench.State("flow").Sample.Status);
        Assert.Equal(value, bench.State("flow").Number);
    }

    [Fact]
    public void A_sample_of_no_tag_is_counted_and_dropped()
    {
        bench.Source("flow").Feed(new Sample(new TagId(9), TagValue.From(1.0), StatusCode.Good, bench.Now, bench.Now,
            default));
        bench.Feed(new Sample(new TagId(-1), TagValue.From(1.0), StatusCode.Good, bench.Now, bench.Now, default));
        Assert.Equal(2, bench.Step.Counters.UnknownTags);
        Assert.Equal(0, bench.Step.Recorded.Length);
    }

    [Fact]
    public void Samples_within_the_deadband_are_live_but_not_recorded()
    {
        bench.Source("flow", tag => tag with { Deadband = 0.5 });
        foreach (var value in new[] { 10, 10.5, 9.5, 10.51, 10.9, 11.02 }) bench.Feed("flow", value).Pass(0.1);
        Assert.Equal(11.02, bench.State("flow").Number);
        Assert.Equal([10, 10.51, 11.02], bench.TakeRecorded("flow").Select(sample => sample.Value.AsDouble()));
    }

    [Fact]
    public void Without_a_deadband_every_change_is_recorded_even_of_the_sign_of_zero()
    {
        bench.Source("flow");
        foreach (var value in new[] { 0.0, 0.0, -0.0, 1e-300, 1e-300 }) bench.Feed("flow", value).Pass(0.1);
        Assert.Equal(3, bench.TakeRecorded("flow").Length);
    }

    [Fact]
    public void A_change_of_status_is_always_recorded()
    {
        bench.Source("flow", tag => tag with { Deadband = 100 });
        bench.Feed("flow", 1).Feed("flow", 1,
            StatusCode.UncertainSensorNotAccurate).Lose("flow").Lose("flow").Feed("flow", 2);
        Assert.Equal(4, bench.TakeRecorded("flow").Length);
    }

    [Fact]
    public void An_unchanged_value_is_recorded_once_a_heartbeat()
    {
        bench.Source("flow", tag => tag with { Heartbeat = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 25; i++) bench.Feed("flow", 5).Pass(1);
        Assert.Equal([0, 10, 20],
            bench.TakeRecorded("flow").Select(sample => (sample.SourceTime - TwinBench.Start).TotalSeconds));
    }

    [Fact]
    public void The_policy_all_records_every_sample()
    {
        bench.Source("flow", tag => tag with { Record = RecordPolicy.All, Deadband = 100 });
        bench.Feed("flow", 5).Feed("flow", 5).Feed("flow", 5);
        Assert.Equal(3, bench.TakeRecorded("flow").Length);
    }

    [Fact]
    public void A_late_sample_is_recorded_but_does_not_become_the_state()
    {
        bench.Source("flow").Feed("flow", 5);
        bench.Feed(bench.Make("flow", TagValue.From(4.0), sourceTime: bench.Now.AddSeconds(-30)));
        Assert.Equal(5, bench.State("flow").Number);
        Assert.Equal(1, bench.Step.Counters.LateSamples);
        Assert.Equal(bench.Now.Ticks, bench.State("flow").HeardTicks);
        Assert.Equal([5.0, 4.0], bench.TakeRecorded("flow").Select(sample => sample.Value.AsDouble()));
    }

    // Unlike what is late by its time alone, history is never taken for the news of a clock that was set back.
    [Fact]
    public void What_comes_as_history_is_recorded_and_changes_nothing_else_however_long_it_comes()
    {
        bench.Source("flow").Source("level").Derived("double", "flow * 2").Feed("flow", 5);
        bench.TakeRecorded("double");
        var heard = bench.State("flow").HeardTicks;
        for (var i = 0; i < 20; i++)
        {
            bench.Pass(1);
            bench.Step.Keep(
                [
                    bench.Make("flow", TagValue.From(100.0 + i), sourceTime: bench.Now.AddHours(-1)),
                    bench.Make("flow", TagValue.None, StatusCode.BadTimeout, bench.Now.AddHours(-1)),
                    bench.Make("level", TagValue.From(7.0)),
                ],
                bench.Now);
        }

        Assert.Equal((5, heard), (bench.State("flow").Number, bench.State("flow").HeardTicks));
        Assert.Equal(StatusCode.BadWaitingForInitialData, bench.State("level").Sample.Status);
        Assert.Equal(60, bench.Step.Counters.LateSamples);
        Assert.Equal(60, bench.Step.Recorded.Length);
    }

    [Fact]
    public void A_device_clock_that_was_set_back_is_followed_after_ten_seconds()
    {
        bench.Source("flow").Feed("flow", 5);
        for (var i = 1; i <= 12; i++)
        {
            bench.Pass(1);
            bench.Feed(bench.Make("flow", TagValue.From(100.0 + i), sourceTime: bench.Now.AddHours(-1)));
            Assert.Equal(i < 10 ? 5 : 100 + i, bench.State("flow").Number);
        }
    }

    [Fact]
    public void A_lost_connection_counts_whatever_the_device_clock_said_before()
    {
        bench.Source("flow").Feed(bench.Make("flow", TagValue.From(5.0), sourceTime: bench.Now.AddHours(1)));
        bench.Pass(1).Lose("flow");
        Assert.Equal(StatusCode.BadNoCommunication, bench.State("flow").Sample.Status);
    }

    [Fact]
    public void Derived_tags_follow_their_inputs_through_any_depth_in_one_batch()
    {
        bench.Source("flow").Source("level").Derived("twice", "flow * 2").Derived("sum",
            "twice + level").Derived("is-high", "sum > 10", TagDataType.Bool);
        bench.Feed(bench.Make("flow", TagValue.From(4.0)), bench.Make("level", TagValue.From(3.0)));
        Assert.Equal(11, bench.State("sum").Number);
        Assert.Equal(TagValue.From(true), bench.State("is-high").Sample.Value);
        Assert.Equal(3, bench.Step.Counters.Derivations);
    }

    [Fact]
    public void A_derived_tag_is_computed_only_when_an_input_changed()
    {
        bench.Source("flow").Source("level").Derived("twice", "flow * 2");
        bench.Feed("level", 1).Pass(5);
        Assert.Equal(0, bench.Step.Counters.Derivations);
        bench.Feed("flow", 1);
        Assert.Equal(1, bench.Step.Counters.Derivations);
    }

    [Fact]
    public void A_derived_tag_has_the_newest_source_time_and_the_worst_quality_of_its_inputs()
    {
        bench.Source("flow").Source("level").Derived("sum", "flow + level");
        bench.Feed("flow", 1, StatusCode.Uncertain).Pass(1).Feed("level", 2);
        var newest = bench.Now;
        Assert.Equal((newest, StatusCode.Uncertain),
            (bench.State("sum").Sample.SourceTime, bench.State("sum").Sample.Status));
        bench.Pass(1).Lose("flow");
        Assert.Equal(StatusCode.BadNoCommunication, bench.State("sum").Sample.Status);
        Assert.True(bench.State("sum").Sample.Value.IsNone);
    }

    [Fact]
    public void A_result_that_does_not_fit_its_type_is_out_of_range()
    {
        bench.Source("flow").Derived("short", "flow * 1000", TagDataType.Int16).Feed("flow", 40);
        Assert.Equal(StatusCode.BadOutOfRange, bench.State("short").Sample.Status);
        bench.Feed("flow", 30);
        Assert.Equal(TagValue.From((short)30000), bench.State("short").Sample.Value);
    }

    [Fact]
    public void Windows_age_without_input()
    {
        bench.Source("flow").Derived("mean", "avg(flow, 10s)").Feed("flow", 0).Pass(10).Feed("flow", 10);
        Assert.Equal(0, bench.State("mean").Number, 9);
        bench.Pass(5);
        Assert.Equal(5, bench.State("mean").Number, 0.11);
        Assert.InRange(bench.State("mean").Sample.SourceTime, bench.Now.AddSeconds(-0.11), bench.Now);
    }

    [Fact]
    public void A_tag_that_comes_twice_in_a_batch_is_seen_twice_by_what_reads_it()
    {
        bench.Source("flow").Derived("highest", "max(flow, 10s)").Derived("twice", "flow * 2");
        bench.Feed(bench.Make("flow", TagValue.From(9.0)), bench.Make("flow", TagValue.From(1.0)));
        Assert.Equal(9, bench.State("highest").Number);
        Assert.Equal([18.0, 2.0], bench.TakeRecorded("twice").Select(sample => sample.Value.AsDouble()));
    }

    [Fact]
    public void A_derived_tag_that_reads_itself_is_refused()
    {
        bench.Source("flow").Derived("loop", "flow + 1");
        Assert.True(EdgeTwin.Tags.Expressions.Expression.TryParse("loop + 1", new TableScope(bench.Tags),
            out var expression, out _));
        var tags = new TagTable();
        tags.Add(id => bench.Tags.All[0]);
        tags.Add(id => bench.Tags.All[1] with { Origin = new TagOrigin.Derived(expression) });
        var error = Assert.Throws<ArgumentException>(() => new EdgeTwin.Twin.DerivedTags(tags));
        Assert.Contains("'loop' reads itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_offered_its_inputs_in_its_order_when_one_of_them_changes()
    {
        bench.Source("flow").Source("level").Source("other").Derived("twice", "flow * 2");
        var model = new RecordingPredictor([bench.Id("twice"), bench.Id("level")]);
        bench.Predictors.Add(model);
        bench.Feed("other", 1);
        Assert.Empty(model.Offers);
        bench.Feed(bench.Make("flow", TagValue.From(2.0)), bench.Make("level", TagValue.From(3.0)));
        Assert.Equal([[4.0, 3.0]], model.Offers);
    }

    [Fact]
    public void The_same_input_at_the_same_times_gives_the_same_output()
    {
        Assert.Equal(Run(), Run());

        static List<Sample> Run()
        {
            var twin = new TwinBench().Source("flow").Source("level").Derived("mean", "avg(flow, 3s)").Derived("sum",
                "mean + delay(level, 1s)");
            var random = new Random(3);
            var recorded = new List<Sample>();
            for (var i = 0; i < 500; i++)
            {
                twin.Feed(random.Next(2) == 0 ? "flow" : "level", random.Next(100)).Pass(random.NextDouble());
                recorded.AddRange(twin.Step.Recorded.ToArray());
                twin.Step.Clear();
            }

            Assert.True(recorded.Count > 1000);
            return recorded;
        }
    }

    [Fact]
    public void A_step_allocates_nothing_once_its_buffers_have_their_size()
    {
        bench.Source("flow", tag =>
            tag with { Cadence = TimeSpan.FromSeconds(1) }).Source("level").Derived("mean", "avg(flow, 1s) + level");
        bench.Alarm("high", new EdgeTwin.Alarms.AlarmConfig { When = "mean > 1000", Message = "high" });
        var batch = new[] { bench.Make("flow", TagValue.From(1.0)), bench.Make("level", TagValue.From(2.0)),
            bench.Make("flow", TagValue.From(3.0)) };
        Run(3000);
        Assert.Equal(0, Allocation.Of(() => Run(1000)));
        Assert.True(bench.Step.Counters.SamplesRecorded >= 8_000);

        void Run(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                bench.Now = bench.Now.AddMilliseconds(1);
                foreach (ref var sample in batch.AsSpan()) sample =
                    sample with { SourceTime = bench.Now, ReceiveTime = bench.Now };
                bench.Step.Apply(batch, bench.Now);
                bench.Step.Clear();
            }
        }
    }

    [Fact]
    public void A_clock_that_is_set_leaves_windows_and_ages_as_they_were()
    {
        bench.Source("flow").Derived("mean", "avg(flow, 10s)").Derived("age", "age(flow)").Feed("flow", 8).Pass(4);
        var jump = TimeSpan.FromHours(-3);
        bench.Step.ShiftClock(jump);
        bench.Now += jump;
        bench.Pass(0.2);
        Assert.Equal(4.2, bench.State("age").Number, 0.11);
        Assert.Equal(8, bench.State("mean").Number, 6);
    }

    private sealed class RecordingPredictor(TagId[] inputs) : IPredictor
    {
        public List<double[]> Offers { get; } = [];

        public IReadOnlyList<TagId> Inputs => inputs;

        public void Offer(ReadOnlySpan<Sample> samples, DateTime now) =>
            Offers.Add([.. samples.ToArray().Select(sample => sample.Value.AsDouble())]);
    }
}
