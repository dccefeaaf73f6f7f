using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Alarms;

/// <summary>An alarm resolved from its configuration.</summary>
internal sealed record AlarmDefinition
{
    public required string Name { get; init; }

    /// <summary>The tag that carries its state, <c>alarm.name</c>.</summary>
    public required TagId StateTag { get; init; }

    /// <summary>Boolean; the alarm follows it.</summary>
    public required Expression When { get; init; }

    /// <summary>Boolean; suppresses the alarm while it holds.</summary>
    public Expression? SuppressWhen { get; init; }

    public required AlarmMessage Message { get; init; }

    public AlarmTiming Timing { get; init; }

    public double Hysteresis { get; init; }

    public int Severity { get; init; } = 500;

    /// <summary>Under which key the journal keeps its state.</summary>
    public string KeptKey => "alarm/" + Name;

    /// <summary>
    /// Resolves an alarm; all errors at once, each with the key of the record that it is about (<c>when</c>,
    /// <c>suppressWhen</c>, <c>message</c>). What is missing in the configuration was told when it was read.
    /// </summary>
    public static AlarmDefinition? TryCreate(
        string name, AlarmConfig config, TagId stateTag, IExpressionScope scope,
        out IReadOnlyList<(string Key, ExpressionError Error)> errors)
    {
        var found = new List<(string, ExpressionError)>();
        var when = Condition(config.When, "when", scope, found);
        var suppressWhen = Condition(config.SuppressWhen, "suppressWhen", scope, found);
        if (!AlarmMessage.TryParse(config.Message ?? "", scope, out var message, out var messageErrors))
            found.AddRange(messageErrors.Select(error => ("message", error)));
        errors = found;
        if (found.Count > 0 || when is null) return null;
        return new AlarmDefinition
        {
            Name = name,
            StateTag = stateTag,
            When = when,
            SuppressWhen = suppressWhen,
            Message = message,
            Timing = new AlarmTiming(config.OnDelay, config.OffDelay),
            Hysteresis = config.Hysteresis,
            Severity = config.Severity,
        };
    }

    private static Expression? Condition(string? text, string key, IExpressionScope scope,
        List<(string, ExpressionError)> errors)
    {
        if (text is null) return null;
        if (!Expression.TryParse(text, scope, out var expression, out var found))
            errors.AddRange(found.Select(error => (key, error)));
        else if (expression.MismatchAsCondition() is { } mismatch)
            errors.Add((key, new ExpressionError(0, mismatch)));
        return expression;
    }
}
