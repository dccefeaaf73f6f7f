using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Tests.Tags.Expressions;

public class TimeWindowTests
{
    private readonly ExpressionBench bench = ExpressionBench.Pump();

    [Fact]
    public void An_average_is_weighted_by_how_long_each_value_held()
    {
        var average = bench.Set("level", 10).Evaluator("avg(level, 10s)");
        bench.Evaluate(average);
        bench.Pass(8).Set("level", 20);
        bench.Evaluate(average);
        bench.Pass(2);
        Assert.Equal(12, bench.Evaluate(average).Number, 9);
        bench.Pass(4);
        Assert.Equal(16, bench.Evaluate(average).Number, 9);
        bench.Pass(100);
        Assert.Equal(20, bench.Evaluate(average).Number, 9);
    }

    [Fact]
    public void An_integral_is_value_times_seconds_of_the_window_only()
    {
        var integral = bench.Set("level", 3).Evaluator("integral(level, 10s)");
        bench.Evaluate(integral);
        bench.Pass(4);
        Assert.Equal(12, bench.Evaluate(integral).Number, 9);
        bench.Pass(96);
        Assert.Equal(30, bench.Evaluate(integral).Number, 9);
    }

    [Fact]
    public void Extremes_leave_with_the_window()
    {
        var (lowest, highest) = (bench.Evaluator("min(level, 10s)"), bench.Evaluator("max(level, 10s)"));
        foreach (var level in new double[] { 5, 9, 1, 6 })
        {
            bench.Set("level", level);
            bench.Evaluate(lowest);
            bench.Evaluate(highest);
            bench.Pass(2);
        }

        Assert.Equal((1, 9), (bench.Evaluate(lowest).Number, bench.Evaluate(highest).Number));
        bench.Pass(6.5); // 9 held until second 4, and it is second 14.5
        Assert.Equal((1, 6), (bench.Evaluate(lowest).Number, bench.Evaluate(highest).Number));
        bench.Pass(60);
        Assert.Equal((6, 6), (bench.Evaluate(lowest).Number, bench.Evaluate(highest).Number));
    }

    [Fact]
    public void A_spike_just_before_a_long_steady_time_is_forgotten_in_the_end()
    {
        var highest = bench.Set("level", 7).Evaluator("max(level, 10s)");
        bench.Evaluate(highest);
        bench.Pass(0.001).Set("level", 3);
        Assert.Equal(7, bench.Evaluate(highest).Number);
        bench.Pass(9);
        Assert.Equal(7, bench.Evaluate(highest).Number);
        bench.Pass(2);
        Assert.Equal(3, bench.Evaluate(highest).Number);
    }

    [Fact]
    public void A_rate_is_change_per_second_over_the_window()
    {
        var rate = bench.Set("level", 0).Evaluator("rate(level, 10s)");
        Assert.Equal(StatusCode.BadWaitingForInitialData, bench.Evaluate(rate).Status);
        for (var i = 1; i <= 30; i++)
        {
            bench.Pass(1).Set("level", i * 0.5);
            bench.Evaluate(rate);
        }

        Assert.Equal(0.5, bench.Evaluate(rate).Number, 9);
        bench.Pass(10);
        Assert.Equal(0, bench.Evaluate(rate).Number, 9);
    }

    [Fact]
    public void A_delay_gives_the_value_of_then_with_the_quality_of_then()
    {
        var delayed = bench.Set("level", 1).Evaluator("delay(level, 5s)");
        Assert.Equal(StatusCode.BadWaitingForInitialData, bench.Evaluate(delayed).Status);
        bench.Pass(3).Set("level", 2);
        bench.Evaluate(delayed);
        bench.Pass(2).Lose("level");
        Assert.Equal((1, StatusCode.Good), (bench.Evaluate(delayed).Number, bench.Evaluate(delayed).Status));
        bench.Pass(3);
        Assert.Equal(2, bench.Evaluate(delayed).Number);
        bench.Pass(2);
        Assert.Equal(StatusCode.BadNoCommunication, bench.Evaluate(delayed).Status);
    }

    [Fact]
    public void A_count_is_of_rising_edges_inside_the_window()
    {
        var starts = bench.Set("running", TagValue.From(true)).Evaluator("count(running, 10s)");
        Assert.Equal(0, bench.Evaluate(starts).Number);
        for (var i = 0; i < 6; i++)
        {
            bench.Pass(1).Set("running", TagValue.From(i % 2 == 1));
            bench.Evaluate(starts);
        }

        Assert.Equal(3, bench.Evaluate(starts).Number);
        bench.Pass(7.5); // the first edge was at second 2, and it is second 13.5
        Assert.Equal(2, bench.Evaluate(starts).Number);
        bench.Pass(60);
        Assert.Equal(0, bench.Evaluate(starts).Number);
    }

    [Fact]
    public void The_mean_of_a_condition_is_the_share_of_time_for_which_it_held()
    {
        var share = bench.Set("level", 5).Evaluator("avg(level > 3, 10s)");
        bench.Evaluate(share);
        bench.Pass(6).Set("level", 1);
        bench.Evaluate(share);
        bench.Pass(4);
        Assert.Equal(0.6, bench.Evaluate(share).Number, 9);
    }

    [Fact]
    public void A_window_is_uncertain_until_it_is_filled_with_good_time()
    {
        var average = bench.Set("level", 4).Evaluator("avg(level, 10s)");
        Assert.Equal(StatusCode.UncertainSubNormal, bench.Evaluate(average).Status);
        bench.Pass(10);
        Assert.Equal(StatusCode.Good, bench.Evaluate(average).Status);
        bench.Lose("level");
        Assert.Equal(StatusCode.BadNoCommunication, bench.Evaluate(average).Status);
        bench.Pass(1).Set("level", 8);
        Assert.Equal(StatusCode.UncertainSubNormal, bench.Evaluate(average).Status);
        Assert.Equal(4, bench.Evaluate(average).Number, 9);
        bench.Pass(10);
        Assert.Equal(StatusCode.Good, bench.Evaluate(average).Status);
    }

    [Fact]
    public void A_device_clock_that_is_an_hour_off_does_not_empty_the_window()
    {
        foreach (var hours in new[] { -1, 1 })
        {
            var average = bench.Evaluator("avg(level, 10s)");
            for (var i = 0; i < 10; i++)
            {
                bench.Set("level", TagValue.From((double)i), StatusCode.Good, bench.Now.AddHours(hours));
                bench.Evaluate(average);
                bench.Pass(1);
            }

            Assert.Equal(4.5, bench.Evaluate(average).Number, 9);
        }
    }

    [Fact]
    public void A_fast_value_is_merged_and_its_average_and_extremes_stay_right()
    {
        var random = new Random(11);
        var (average, highest, integral) = (bench.Evaluator("avg(level, 10s)"), bench.Evaluator("max(level, 10s)"),
            bench.Evaluator("integral(level, 10s)"));
        var values = new List<double>();
        for (var i = 0; i < 200_000; i++)
        {
            values.Add(random.NextDouble());
            bench.Set("level", values[^1]);
            bench.Evaluate(average);
            bench.Evaluate(highest);
            bench.Evaluate(integral);
            bench.Pass(0.0001);
        }

        var expected = values.TakeLast(100_000).Average();
        Assert.Equal(expected, bench.Evaluate(average).Number, 4);
        Assert.Equal(expected * 10, bench.Evaluate(integral).Number, 3);
        Assert.Equal(values.TakeLast(100_000).Max(), bench.Evaluate(highest).Number, 6);
    }

    [Fact]
    public void Every_window_agrees_with_a_plain_computation_over_all_samples()
    {
        for (var seed = 0; seed < 20; seed++) Compare(new Random(seed));
    }

    // The oracle keeps every sample and walks over them all, piecewise constant.
    private void Compare(Random random)
    {
        var start = bench.Now;
        var samples = new List<(double At, double Value)>();
        var evaluators = new[] { "min", "max", "avg", "integral", "rate", "delay" }.Select(name =>
            bench.Evaluator($"{name}(level, 10s)")).ToArray();
        for (var i = 0; i < 300; i++)
        {
            if (random.Next(4) > 0)
            {
                samples.Add(((bench.Now - start).TotalSeconds, random.Next(-5, 6)));
                bench.Set("level", samples[^1].Value);
            }
            else if (samples.Count == 0) continue;

            var now = (bench.Now - start).TotalSeconds;
            var results = evaluators.Select(evaluator => bench.Evaluate(evaluator)).ToArray();
            var pieces = samples.Select((sample, n) => (From: Math.Max(sample.At, now - 10), To: n + 1 < samples.Count
                ? samples[n + 1].At : now, sample.Value))
                .Where(piece => piece.To > piece.From || piece.From == now).ToArray();
            var area = pieces.Sum(piece => (piece.To - piece.From) * piece.Value);
            var covered = now - pieces[0].From;
            Assert.Equal(pieces.Min(piece => piece.Value), results[0].Number);
            Assert.Equal(pieces.Max(piece => piece.Value), results[1].Number);
            if (covered > 0) Assert.Equal(area / covered, results[2].Number, tolerance: 1e-6);
            Assert.Equal(area, results[3].Number, tolerance: 1e-6);
            if (covered > 0) Assert.Equal((pieces[^1].Value - pieces[0].Value) / covered, results[4].Number,
                tolerance: 1e-6);
            if (now - samples[0].At >= 10) Assert.Equal(samples.Last(sample => sample.At <= now - 10).Value,
                results[5].Number);
            bench.Pass(random.Next(1, 400) / 64.0 + 0.0625);
        }
    }
}
