namespace EdgeTwin.Tags.Expressions;

/// <summary>One function of the language.</summary>
/// <param name="Name">As written.</param>
/// <param name="Usage">How it is called, for messages and the handbook.</param>
/// <param name="Plain">Compiles a call without a window; null result when the arguments do not fit, null when there is
/// no such form.</param>
/// <param name="OverTime">Compiles a call whose last argument is a window; likewise.</param>
internal sealed record ExpressionFunction(
    string Name, string Usage,
    Func<ExpressionBuilder, List<Operand>, Operand?>? Plain = null,
    Func<ExpressionBuilder, List<Operand>, TimeSpan, Operand?>? OverTime = null);
