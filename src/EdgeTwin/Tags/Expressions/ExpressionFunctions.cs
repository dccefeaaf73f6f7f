using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.Tags.Expressions;

/// <summary>Every function there is.</summary>
internal static class ExpressionFunctions
{
    private static readonly string[] QualityFunctions = ["quality", "good", "uncertain", "bad", "quiet", "dead", "age"];

    private static readonly Dictionary<string, ExpressionFunction> ByName = new ExpressionFunction[]
    {
        new("min", "min(a, b) or min(value, 10s)", (b, a) => Fold(b, OpCode.Min, a), (b, a, w) =>
            Extreme(b, WindowFunction.Min, a, w)),
        new("max", "max(a, b) or max(value, 10s)", (b, a) => Fold(b, OpCode.Max, a), (b, a, w) =>
        Extreme(b, WindowFunction.Max, a, w)),
        new("avg", "avg(a, b) or avg(value, 10s)", Mean, Average),
        new("rate", "rate(value, 1m), in the value's unit per second", OverTime: Rate),
        new("integral", "integral(value, 1h), in the value's unit times seconds", OverTime: Integral),
        new("delay", "delay(value, 5s)", OverTime: Delay),
        new("count", "count(condition, 1m)", OverTime: Count),
        new("abs", "abs(value)", (b, a) => One(b, OpCode.Abs, a, keepsUnit: true)),
        new("sqrt", "sqrt(value)", (b, a) => One(b, OpCode.Sqrt, a)),
        new("exp", "exp(value)", (b, a) => One(b, OpCode.Exp, a)),
        new("ln", "ln(value)", (b, a) => One(b, OpCode.Ln, a)),
        new("log10", "log10(value)", (b, a) => One(b, OpCode.Log10, a)),
        new("sin", "sin(radians)", (b, a) => One(b, OpCode.Sin, a)),
        new("cos", "cos(radians)", (b, a) => One(b, OpCode.Cos, a)),
        new("tan", "tan(radians)", (b, a) => One(b, OpCode.Tan, a)),
        new("floor", "floor(value)", (b, a) => One(b, OpCode.Floor, a, keepsUnit: true)),
        new("ceil", "ceil(value)", (b, a) => One(b, OpCode.Ceil, a, keepsUnit: true)),
        new("round", "round(value)", (b, a) => One(b, OpCode.Round, a, keepsUnit: true)),
        new("sign", "sign(value)", (b, a) => One(b, OpCode.Sign, a)),
        new("clamp", "clamp(value, low, high)", Clamp),
        new("if", "if(condition, then, else)", If),
    }.ToDictionary(function => function.Name);

    public static IEnumerable<string> Names => ByName.Keys.Concat(QualityFunctions);

    public static bool TryFind(string name, [NotNullWhen(true)] out ExpressionFunction? function) =>
        ByName.TryGetValue(name, out function);

    /// <summary>Functions that take the name of a tag and tell of its quality; their own result is always
    /// good.</summary>
    public static bool IsAboutQuality(string name) => Array.IndexOf(QualityFunctions, name) >= 0;

    public static (OpCode Op, ExpressionKind Kind, ExpressionUnit Unit) AboutQuality(string name) => name switch
    {
        "quality" => (OpCode.Quality, ExpressionKind.Quality, ExpressionUnit.Unknown),
        "age" => (OpCode.Age, ExpressionKind.Number, ExpressionUnit.Second),
        "good" => (OpCode.IsGood, ExpressionKind.Boolean, ExpressionUnit.Unknown),
        "uncertain" => (OpCode.IsUncertain, ExpressionKind.Boolean, ExpressionUnit.Unknown),
        "bad" => (OpCode.IsBad, ExpressionKind.Boolean, ExpressionUnit.Unknown),
        "quiet" => (OpCode.IsQuiet, ExpressionKind.Boolean, ExpressionUnit.Unknown),
        _ => (OpCode.IsDead, ExpressionKind.Boolean, ExpressionUnit.Unknown),
    };

    private static Operand? One(ExpressionBuilder builder, OpCode op, List<Operand> arguments, bool keepsUnit = false)
    {
        if (arguments is not [var argument]) return null;
        builder.Require(argument, ExpressionKind.Number);
        var unit = keepsUnit || argument.Unit.IsPlain ? argument.Unit : ExpressionUnit.Unknown;
        return builder.Apply(op, argument, ExpressionKind.Number, op == OpCode.Sign ? ExpressionUnit.Plain : unit);
    }

    // Arguments are all on the stack; n - 1 operations leave one.
    private static Operand? Fold(ExpressionBuilder builder, OpCode op, List<Operand> arguments)
    {
        if (arguments.Count < 2) return null;
        var result = arguments[0];
        builder.Require(result, ExpressionKind.Number);
        foreach (var argument in arguments[1..])
        {
            builder.Require(argument, ExpressionKind.Number);
            builder.CheckUnits(result, argument, "take together", isSum: false);
            result = result with { Unit = ExpressionUnit.Sum(result.Unit, argument.Unit, isDifference: false) };
        }

        for (var i = 1; i < arguments.Count; i++) result =
            builder.Apply(op, result, ExpressionKind.Number, result.Unit);
        return result;
    }

    private static Operand? Mean(ExpressionBuilder builder, List<Operand> arguments)
    {
        if (Fold(builder, OpCode.Add, arguments) is not { } sum) return null;
        builder.Number(sum.Offset, arguments.Count, ExpressionUnit.Plain);
        return builder.Apply(OpCode.Divide, sum, ExpressionKind.Number, sum.Unit);
    }

    private static Operand? Clamp(ExpressionBuilder builder, List<Operand> arguments)
    {
        if (arguments is not [var value, var low, var high]) return null;
        foreach (var argument in arguments) builder.Require(argument, ExpressionKind.Number);
        builder.CheckUnits(value, low, "clamp", isSum: false);
        builder.CheckUnits(value, high, "clamp", isSum: false);
        return builder.Apply(OpCode.Clamp, value, ExpressionKind.Number, value.Unit);
    }

    private static Operand? If(ExpressionBuilder builder, List<Operand> arguments)
    {
        if (arguments is not [var condition, var then, var otherwise]) return null;
        builder.Require(condition, ExpressionKind.Boolean);
        if (then.Kind == ExpressionKind.Boolean) builder.Require(otherwise, ExpressionKind.Boolean);
        else
        {
            builder.Require(then, ExpressionKind.Number);
            builder.Require(otherwise, ExpressionKind.Number);
            builder.CheckUnits(then, otherwise, "choose between", isSum: false);
        }

        var kind = then.Kind == ExpressionKind.Boolean ? ExpressionKind.Boolean : ExpressionKind.Number;
        return builder.Apply(OpCode.Select, condition, kind,
            ExpressionUnit.Sum(then.Unit, otherwise.Unit, isDifference: false));
    }

    private static Operand? Extreme(ExpressionBuilder builder, WindowFunction function, List<Operand> arguments,
        TimeSpan window)
    {
        if (arguments is not [var argument]) return null;
        builder.Require(argument, ExpressionKind.Number);
        return builder.OverTime(function, argument, window, ExpressionKind.Number, argument.Unit);
    }

    // The mean of a condition is the share of time for which it held.
    private static Operand? Average(ExpressionBuilder builder, List<Operand> arguments, TimeSpan window)
    {
        if (arguments is not [var argument]) return null;
        var isCondition = argument.Kind == ExpressionKind.Boolean;
        if (!isCondition) builder.Require(argument, ExpressionKind.Number);
        return builder.OverTime(WindowFunction.Avg, argument, window, ExpressionKind.Number, isCondition
            ? ExpressionUnit.Plain : argument.Unit);
    }

    private static Operand? Rate(ExpressionBuilder builder, List<Operand> arguments, TimeSpan window)
    {
        if (arguments is not [var argument]) return null;
        builder.Require(argument, ExpressionKind.Number);
        var change = ExpressionUnit.Sum(argument.Unit, argument.Unit, isDifference: true);
        var unit = ExpressionUnit.Product(change, ExpressionUnit.Second, isQuotient: true);
        return builder.OverTime(WindowFunction.Rate, argument, window, ExpressionKind.Number, unit);
    }

    // The integral of a condition is the number of seconds for which it held.
    private static Operand? Integral(ExpressionBuilder builder, List<Operand> arguments, TimeSpan window)
    {
        if (arguments is not [var argument]) return null;
        var isCondition = argument.Kind == ExpressionKind.Boolean;
        if (!isCondition) builder.Require(argument, ExpressionKind.Number);
        var unit = isCondition ? ExpressionUnit.Second
            : ExpressionUnit.Product(argument.Unit, ExpressionUnit.Second, isQuotient: false);
        return builder.OverTime(WindowFunction.Integral, argument, window, ExpressionKind.Number, unit);
    }

    private static Operand? Delay(ExpressionBuilder builder, List<Operand> arguments, TimeSpan window)
    {
        if (arguments is not [var argument]) return null;
        if (argument.Kind != ExpressionKind.Boolean) builder.Require(argument, ExpressionKind.Number);
        return builder.OverTime(WindowFunction.Delay, argument, window, argument.Kind, argument.Unit);
    }

    private static Operand? Count(ExpressionBuilder builder, List<Operand> arguments, TimeSpan window)
    {
        if (arguments is not [var argument]) return null;
        builder.Require(argument, ExpressionKind.Boolean);
        return builder.OverTime(WindowFunction.Count, argument, window, ExpressionKind.Number, ExpressionUnit.Plain);
    }
}
