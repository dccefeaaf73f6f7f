using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Tests.Tags.Expressions;

public class ExpressionErrorTests
{
    private readonly ExpressionBench bench = ExpressionBench.Pump();

    [Theory]
    [InlineData("flwo + 1", 0, "there is no tag 'flwo'; did you mean 'flow'?")]
    [InlineData("flow-pressure", 0, "there is no tag 'flow-pressure'; a '-' without spaces belongs to the name: to "
        + "subtract, write 'flow - pressure'")]
    [InlineData("level-5", 0,
        "there is no tag 'level-5'; a '-' without spaces belongs to the name: to subtract, write 'level - 5'")]
    [InlineData("flow + pressure", 0, "cannot add: L/min and bar are different quantities")]
    [InlineData("1 < pressure and flow > pressure", 17, "cannot compare: L/min and bar are different quantities")]
    [InlineData("pressure - inlet", 0,
        "cannot subtract: bar and kPa differ in scale: 1 kPa is 0.01 bar; multiply by that first")]
    [InlineData("max(flow, pressure)", 4, "cannot take together: L/min and bar are different quantities")]
    [InlineData("if(running, flow, pressure)", 12, "cannot choose between: L/min and bar are different quantities")]
    [InlineData("age(flow) > pressure", 0, "cannot compare: s and bar are different quantities")]
    [InlineData("running + 1", 0,
        "this is a condition, and a number is needed; choose numbers with if(condition, 1, 0)")]
    [InlineData("level and running", 0, "this is a number, and a condition is needed; compare it, such as '!= 0'")]
    [InlineData("mode + 1", 0, "this is text, and a number is needed; text can only be compared")]
    [InlineData("mode == 1", 0, "'==' compares text with a number")]
    [InlineData("mode > 'a'", 0, "text has no order; compare with '==' or '!='")]
    [InlineData("mode", 0, "the result is text, which can only be compared")]
    [InlineData("quality(flow)", 0, "the result is a quality, which can only be compared")]
    [InlineData("1 +", 3, "the expression ends where a value should follow")]
    [InlineData("", 0, "the expression is empty")]
    [InlineData("(1 + 2", 6, "a ')' is missing")]
    [InlineData("1 2", 2, "'2' is not expected here; an operator is missing before it")]
    [InlineData("1 < 2 < 3", 6, "a comparison has two sides; join two comparisons with 'and'")]
    [InlineData("flow = 3", 5, "'=' has no meaning here; equality is '=='")]
    [InlineData("avrg(flow, 10s)", 0, "there is no function avrg(); did you mean avg()?")]
    [InlineData("rate(flow)", 0, "rate() is written rate(value, 1m), in the value's unit per second")]
    [InlineData("avg(flow, 10x)", 10, "'10x' is neither a number nor a duration (ms, s, m, h, d)")]
    [InlineData("avg(flow, 0s)", 4, "a window of 0 s is outside 1 ms to 31 days")]
    [InlineData("avg(flow, 365d)", 4, "a window of 3.1536E+07 s is outside 1 ms to 31 days")]
    [InlineData("bad(1)", 4, "bad() takes the name of one tag, such as bad(flow)")]
    [InlineData("bad(flow + 1)", 9, "bad() takes the name of one tag and nothing else")]
    [InlineData("mode == 'auto", 8, "the text has no closing '")]
    [InlineData("level / 0", 8, "this divides by zero")]
    [InlineData("1e999", 0, "'1e999' is not a number that fits a float64")]
    public void An_error_says_where_and_what_and_the_way_out(string text, int offset, string message) =>
        Assert.Equal(new ExpressionError(offset, message), bench.Errors(text)[0]);

    [Fact]
    public void All_errors_of_meaning_are_reported_at_once() =>
        Assert.Equal([0, 7, 21], bench.Errors("flwo + presure > 3 + running").Select(error => error.Offset));

    [Fact]
    public void An_unknown_name_causes_no_errors_that_follow_from_it() =>
        Assert.Single(bench.Errors("nothing-like-it + 1 > 5 and running"));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("not ", "")]
    [InlineData("abs(", ")")]
    [InlineData("2 ^ ", "")]
    [InlineData("- ", "")]
    public void Nesting_ends_at_64_levels(string open, string close)
    {
        var text = string.Concat(Enumerable.Repeat(open, 65)) + "1" + string.Concat(Enumerable.Repeat(close, 65));
        Assert.Equal("the expression is nested deeper than 64 levels", bench.Errors(text)[0].Message);
        bench.Parse(string.Concat(Enumerable.Repeat("(", 63)) + "1" + string.Concat(Enumerable.Repeat(")", 63)));
    }

    [Fact]
    public void The_text_ends_at_4096_characters() =>
        Assert.Contains("at most 4096", bench.Errors(new string(' ', 4096) + "1")[0].Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(pressure + pressure) / 2", null)]
    [InlineData("pressure * 1.02", null)]
    [InlineData("level * pressure", null)]
    [InlineData("abs(pressure) - 1", null)]
    [InlineData("flow * pressure / flow", null)]
    [InlineData("flow", "gives L/min, which is a different quantity than the tag's unit bar")]
    [InlineData("inlet", "gives kPa, and 1 kPa is 0.01 bar: multiply by that, or change the tag's unit")]
    [InlineData("pressure * pressure", "gives bar·bar, which is a different quantity than the tag's unit bar")]
    [InlineData("pressure ^ 2", "gives bar·bar, which is a different quantity than the tag's unit bar")]
    [InlineData("rate(pressure, 1m)", "gives bar/s, which is a different quantity than the tag's unit bar")]
    [InlineData("1 / pressure", "gives 1/bar, which is a different quantity than the tag's unit bar")]
    public void The_unit_of_the_result_is_held_against_that_of_the_tag(string text, string? conflict)
    {
        var bar = new EngineeringUnit("bar", new Dimension(-1, 1, -2), 1e5);
        var mismatch = bench.Parse(text).MismatchWith(TagDataType.Float64, bar);
        Assert.Equal(conflict is null ? null : $"the expression {conflict}", mismatch);
    }

    [Fact]
    public void A_temperature_and_a_difference_of_temperatures_are_told_apart()
    {
        var kelvin = new EngineeringUnit("K", new Dimension(Kelvin: 1), 1);
        Assert.Null(bench.Parse("t-out - t-in").MismatchWith(TagDataType.Float64, kelvin));
        Assert.NotNull(bench.Parse("t-out").MismatchWith(TagDataType.Float64, kelvin));
        bench.With("ambient", kelvin);
        Assert.Contains("different zeros", bench.Errors("t-out > ambient")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_energy_is_a_power_over_time()
    {
        var energy = new EngineeringUnit("J", new Dimension(2, 1, -2), 1);
        Assert.Null(bench.Parse("integral(power, 1h)").MismatchWith(TagDataType.Float64, energy));
        Assert.Contains(
            "2.77778E-07 kWh",
            bench.Parse("integral(power, 1h)").MismatchWith(TagDataType.Float64,
            new EngineeringUnit("kWh", energy.Dimension, 3.6e6)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_kind_of_the_result_is_held_against_the_type_of_the_tag()
    {
        Assert.NotNull(bench.Parse("level > 1").MismatchWith(TagDataType.Float64, null));
        Assert.NotNull(bench.Parse("level").MismatchWith(TagDataType.Bool, null));
        Assert.NotNull(bench.Parse("level").MismatchWith(TagDataType.String, null));
        Assert.Null(bench.Parse("level").MismatchWith(TagDataType.Int16, null));
        Assert.Null(bench.Parse("level > 1").MismatchAsCondition());
        Assert.NotNull(bench.Parse("level").MismatchAsCondition());
    }

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        string[] words = ["flow", "mode", "running", "1", "2s", "(", ")", ",", "+", "-", "*", "/", "^", "<", "==",
            "and", "or", "not", "avg", "if", "min", "bad", "'x'", "=", "#", "level"];
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(random.Next(3) == 0 ? ""
                : " ", Enumerable.Range(0, random.Next(1, 14)).Select(_ => words[random.Next(words.Length)]));
            if (Expression.TryParse(text, bench, out var expression, out var errors))
                bench.Evaluate(new ExpressionEvaluator(expression));
            else
                Assert.All(errors, error => Assert.InRange(error.Offset, 0, text.Length));
        }
    }
}
