namespace EdgeTwin.Tags.Expressions;

/// <summary>The operations on two or one plain numbers, shared by constant folding and evaluation.</summary>
internal static class Scalar
{
    public static double Of(OpCode op, double a, double b) => op switch
    {
        OpCode.Add => a + b,
        OpCode.Subtract => a - b,
        OpCode.Multiply => a * b,
        OpCode.Divide => a / b,
        OpCode.Modulo => a % b,
        OpCode.Power => Math.Pow(a, b),
        OpCode.Min => Math.Min(a, b),
        OpCode.Max => Math.Max(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no operation on two numbers"),
    };

    public static double Of(OpCode op, double a) => op switch
    {
        OpCode.Negate => -a,
        OpCode.Not => a == 0 ? 1 : 0,
        OpCode.Abs => Math.Abs(a),
        OpCode.Sqrt => Math.Sqrt(a),
        OpCode.Exp => Math.Exp(a),
        OpCode.Ln => Math.Log(a),
        OpCode.Log10 => Math.Log10(a),
        OpCode.Sin => Math.Sin(a),
        OpCode.Cos => Math.Cos(a),
        OpCode.Tan => Math.Tan(a),
        OpCode.Floor => Math.Floor(a),
        OpCode.Ceil => Math.Ceiling(a),
        OpCode.Round => Math.Round(a, MidpointRounding.AwayFromZero),
        OpCode.Sign => a > 0 ? 1 : a < 0 ? -1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no operation on one number"),
    };

    /// <summary>A comparison; <paramref name="slack"/> moves the threshold so that the result stays true for
    /// longer.</summary>
    public static bool Holds(OpCode op, double a, double b, double slack) => op switch
    {
        OpCode.Less => a < b + slack,
        OpCode.LessOrEqual => a <= b + slack,
        OpCode.Greater => a > b - slack,
        OpCode.GreaterOrEqual => a >= b - slack,
        OpCode.Equal => a == b,
        OpCode.NotEqual => a != b,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no comparison"),
    };
}
