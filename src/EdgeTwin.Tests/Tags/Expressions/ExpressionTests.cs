using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Tests.Tags.Expressions;

public class ExpressionTests
{
    private readonly ExpressionBench bench = ExpressionBench.Pump();

    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("2 ^ 3 ^ 2", 512)]
    [InlineData("-2 ^ 2", -4)]
    [InlineData("2 ^ -1", 0.5)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("7 % 4 / 2", 1.5)]
    [InlineData("1e3 + .5 + 2.5e-1", 1000.75)]
    [InlineData("min(3, 1, 2) + max(4, 5)", 6)]
    [InlineData("avg(1, 2, 6)", 3)]
    [InlineData("clamp(12, 0, 10) + abs(-1) + sqrt(16)", 15)]
    [InlineData("if(1 < 2, 10, 20)", 10)]
    [InlineData("round(2.5) + floor(2.9) + ceil(2.1) + sign(-3)", 7)]
    [InlineData("ln(exp(2)) + log10(1000) + sin(0) + cos(0) + tan(0)", 6)]
    [InlineData("2 * 30s", 60)]
    public void Arithmetic_binds_and_computes_as_in_a_book(string text, double expected) =>
        Assert.Equal(expected, bench.Evaluate(text).Number, 12);

    [Theory]
    [InlineData("flow > 10 and flow < 20 or false", true)]
    [InlineData("not flow > 10", false)]
    [InlineData("!(flow <= 10) && flow >= 15 || 1 == 2", true)]
    [InlineData("true or false and false", true)]
    [InlineData("flow != 15", false)]
    [InlineData("running == true", true)]
    [InlineData("mode == \"auto\" and mode != 'manual'", true)]
    public void Conditions_compare_and_join(string text, bool expected)
    {
        bench.Set("flow", 15).Set("running", TagValue.From(true)).Set("mode", TagValue.From("auto"));
        var result = bench.Evaluate(text);
        Assert.Equal(expected, result.IsTrue);
        Assert.True(result.Status.IsGood);
    }

    [Fact]
    public void The_hydraulic_power_of_the_handbook_is_a_power()
    {
        var expression = bench.Parse("flow / 60000 * pressure * 1e5");
        Assert.Null(expression.MismatchWith(TagDataType.Float64, new EngineeringUnit("W", new Dimension(2, 1, -3), 1)));
        bench.Set("flow", 60).Set("pressure", 2);
        Assert.Equal(200, bench.Evaluate("flow / 60000 * pressure * 1e5").Number, 9);
    }

    [Fact]
    public void A_name_may_hold_dots_and_hyphens_and_each_is_referenced_once()
    {
        var expression = bench.Parse("condition.score + t-in - t-in * 0.5 + condition.score * 0.1");
        Assert.Equal(2, expression.References.Count);
        Assert.Equal(["condition.score", "t-in", "window"],
            Expression.NamesIn("avg(condition.score, 10s) + t-in - window"));
    }

    [Fact]
    public void The_result_has_the_newest_source_time_of_its_inputs()
    {
        bench.Set("flow", 1).Pass(5).Set("level", 2).Pass(5);
        Assert.Equal(bench.Now.AddSeconds(-5).Ticks, bench.Evaluate("flow * level").SourceTicks);
    }

    [Fact]
    public void A_result_carries_the_worst_quality_of_its_inputs()
    {
        bench.Set("flow", 1, StatusCode.UncertainSensorNotAccurate).Set("level", 2);
        Assert.Equal(StatusCode.UncertainSensorNotAccurate, bench.Evaluate("flow + level").Status);
        bench.Lose("level");
        Assert.Equal(StatusCode.BadNoCommunication, bench.Evaluate("flow + level").Status);
        Assert.Equal(StatusCode.BadNoCommunication, bench.Evaluate("level > 1").Status);
        Assert.Equal(StatusCode.BadWaitingForInitialData, bench.Evaluate("pressure").Status);
    }

    [Theory]
    [InlineData("1 / level")]
    [InlineData("level / level")]
    [InlineData("sqrt(level - 1)")]
    [InlineData("ln(level)")]
    public void What_has_no_finite_result_is_out_of_range(string text)
    {
        bench.Set("level", 0);
        Assert.Equal(StatusCode.BadOutOfRange, bench.Evaluate(text).Status);
    }

    [Fact]
    public void A_NaN_from_a_device_does_not_pass_for_a_value()
    {
        bench.Set("level", double.NaN);
        Assert.Equal(StatusCode.BadOutOfRange, bench.Evaluate("level + 1").Status);
        Assert.False(bench.Evaluate("level < 5 or level >= 5").IsTrue);
    }

    [Fact]
    public void One_operand_decides_a_logical_operation_where_it_suffices()
    {
        bench.Lose("flow").Set("level", 3);
        Assert.Equal(new ExpressionResult(1, StatusCode.Good, bench.Now.Ticks),
            bench.Evaluate("bad(flow) or flow < 5"));
        Assert.True(bench.Evaluate("level > 5 and flow > 5").Status.IsGood);
        Assert.True(bench.Evaluate("level > 1 and flow > 5").Status.IsBad);
        Assert.True(bench.Evaluate("level > 5 or flow > 5").Status.IsBad);
    }

    [Fact]
    public void A_choice_ignores_the_branch_not_taken()
    {
        bench.Lose("flow").Set("level", 3);
        Assert.Equal(StatusCode.Good, bench.Evaluate("if(level > 1, level, flow)").Status);
        Assert.True(bench.Evaluate("if(level > 5, level, flow)").Status.IsBad);
        Assert.True(bench.Evaluate("if(flow > 5, level, level)").Status.IsBad);
    }

    [Fact]
    public void Quality_and_liveness_can_be_asked_for()
    {
        bench.Lose("flow").Set("level", 1, StatusCode.Uncertain).Set("pressure", 1).Mark("flow",
            Liveness.Dead).Mark("level", Liveness.Quiet);
        Assert.True(bench.Evaluate("bad(flow) and dead(flow) and not quiet(flow)").IsTrue);
        Assert.True(bench.Evaluate("uncertain(level) and quiet(level) and good(pressure)").IsTrue);
        Assert.True(bench.Evaluate(
            "quality(flow) == bad and quality(level) == uncertain and quality(pressure) >= good").IsTrue);
        bench.Pass(6);
        Assert.True(bench.Evaluate("age(flow) > 5s and age(flow) < 7").IsTrue);
        Assert.Equal(StatusCode.Good, bench.Evaluate("age(flow) > 5s").Status);
    }

    [Fact]
    public void Hysteresis_widens_a_comparison_in_the_direction_that_keeps_the_condition_true()
    {
        bench.Set("level", 9.5);
        foreach (var text in new[] { "level > 10", "not level <= 10", "not (not level >= 10)", "level > 10 and true" })
        {
            Assert.False(bench.Evaluate(bench.Evaluator(text)).IsTrue, text);
            Assert.True(bench.Evaluate(bench.Evaluator(text), hysteresis: 1).IsTrue, text);
            Assert.False(bench.Evaluate(bench.Evaluator(text), hysteresis: 0.25).IsTrue, text);
        }

        Assert.True(bench.Evaluate(bench.Evaluator("level < 9"), hysteresis: 1).IsTrue);
        Assert.False(bench.Evaluate(bench.Evaluator("if(level > 10, 1, 0) == 1"), hysteresis: 1).IsTrue);
        Assert.False(bench.Evaluate(bench.Evaluator("(level > 10) == true"), hysteresis: 1).IsTrue);
    }

    [Fact]
    public void Evaluation_allocates_nothing_once_windows_have_their_size()
    {
        var evaluator =
            bench.Evaluator("avg(flow, 1s) + max(flow, 1s) + delay(flow, 1s) * 2 + if(mode == 'auto', flow, level)");
        bench.Set("mode", TagValue.From("auto"));
        var states = new TagState[16];
        Assert.True(AllocatedBy(3000) >= 0);
        Assert.Equal(0, AllocatedBy(1000));

        long AllocatedBy(int rounds)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < rounds; i++)
            {
                states[0].Number = i % 7;
                states[0].Sample = states[0].Sample with { SourceTime = bench.Now.AddTicks(i * 10_000L) };
                evaluator.Evaluate(states, bench.Now.Ticks + i * 10_000L);
            }

            bench.Pass(rounds / 1000.0);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
