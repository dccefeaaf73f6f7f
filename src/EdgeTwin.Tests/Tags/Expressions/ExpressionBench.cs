using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Tests.Tags.Expressions;

/// <summary>A table of tags with a state each, and a clock that the test moves.</summary>
internal sealed class ExpressionBench : IExpressionScope
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TagTable tags = new();
    private readonly List<TagState> states = [];

    public DateTime Now { get; private set; } = Start;

    public IEnumerable<string> Names => tags.All.Select(tag => tag.Name);

    public static ExpressionBench Pump() => new ExpressionBench()
        .With("flow", new EngineeringUnit("L/min", new Dimension(Metre: 3, Second: -1), 1e-3 / 60))
        .With("pressure", new EngineeringUnit("bar", new Dimension(-1, 1, -2), 1e5))
        .With("inlet", new EngineeringUnit("kPa", new Dimension(-1, 1, -2), 1e3))
        .With("power", new EngineeringUnit("W", new Dimension(2, 1, -3), 1))
        .With("t-in", new EngineeringUnit("°C", new Dimension(Kelvin: 1), 1, 273.15))
        .With("t-out", new EngineeringUnit("°C", new Dimension(Kelvin: 1), 1, 273.15))
        .With("level")
        .With("condition.score")
        .With("running", type: TagDataType.Bool)
        .With("mode", type: TagDataType.String);

    public bool TryFind(string name,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TagDefinition? definition) =>
        tags.TryFind(name, out definition);

    public ExpressionBench With(string name, EngineeringUnit? unit = null, TagDataType type = TagDataType.Float64)
    {
        tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = name,
            Type = type,
            Unit = unit,
            Origin = new TagOrigin.Source("plc", name),
        });
        states.Add(new TagState
        {
            Number = double.NaN,
            HeardTicks = Start.Ticks,
            Sample = new Sample(new TagId(states.Count), TagValue.None, StatusCode.BadWaitingForInitialData, default,
            default, default),
        });
        return this;
    }

    public ExpressionBench Set(string name, TagValue value, StatusCode status = default, DateTime? sourceTime = null)
    {
        tags.TryFind(name, out var tag);
        states[tag!.Id.Index] = new TagState
        {
            Sample = new Sample(tag.Id, value, status, sourceTime ?? Now, Now, ClockState.Synchronised),
            Number = status.IsBad ? double.NaN : value.AsDouble(),
            HeardTicks = Now.Ticks,
        };
        return this;
    }

    public ExpressionBench Set(string name, double value, StatusCode status = default) =>
        Set(name, TagValue.From(value), status);

    public ExpressionBench Lose(string name) => Set(name, TagValue.None, StatusCode.BadNoCommunication);

    public ExpressionBench Mark(string name, Liveness liveness)
    {
        tags.TryFind(name, out var tag);
        var state = states[tag!.Id.Index];
        state.Liveness = liveness;
        states[tag.Id.Index] = state;
        return this;
    }

    public ExpressionBench Pass(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    public Expression Parse(string text)
    {
        Assert.True(Expression.TryParse(text, this, out var expression, out var errors), string.Join("; ", errors));
        return expression;
    }

    public ExpressionEvaluator Evaluator(string text) => new(Parse(text));

    public ExpressionResult Evaluate(string text) => Evaluate(Evaluator(text));

    public ExpressionResult Evaluate(ExpressionEvaluator evaluator, double hysteresis = 0) =>
        evaluator.Evaluate(states.ToArray(), Now.Ticks, hysteresis);

    public IReadOnlyList<ExpressionError> Errors(string text)
    {
        Assert.False(Expression.TryParse(text, this, out _, out var errors));
        Assert.NotEmpty(errors);
        return errors;
    }
}
