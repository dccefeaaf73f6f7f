namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// Runs one expression over the live state, again and again, and remembers what its windows need. One owner; allocates
/// nothing once its windows have reached their size.
/// <para>Quality: a result carries the worst quality of its inputs and has no value when that is bad, with two
/// exceptions in which an input does not matter: <c>and</c> and <c>or</c> are decided by one operand alone where it
/// suffices (<c>bad(flow) or flow &lt; 5</c> is good and true when flow is bad), and <c>if</c> ignores the branch not
/// taken. What has no finite result, such as a division by zero, is BadOutOfRange. Functions about quality are always
/// good.</para>
/// </summary>
internal sealed class ExpressionEvaluator
{
    private readonly Expression expression;
    private readonly ExpressionResult[] stack;
    private readonly TimeWindow[] windows;

    public ExpressionEvaluator(Expression expression)
    {
        this.expression = expression;
        stack = new ExpressionResult[expression.StackSize];
        windows = Array.ConvertAll(expression.Windows, spec => new TimeWindow(spec));
    }

    public Expression Expression => expression;

    /// <summary>The result at a moment that is never earlier than that of the call before.</summary>
    /// <param name="states">Current state by tag index.</param>
    /// <param name="nowTicks">The moment, UTC ticks.</param>
    /// <param name="hysteresis">By how much comparisons are widened so that the condition stays true for longer; 0 for
    /// plain.
    /// <c>a &gt; b</c> is then <c>a &gt; b - hysteresis</c>; under <c>not</c> it narrows; with <c>and</c> and <c>or</c>
    /// every comparison is widened by itself; comparisons inside a function call or inside another comparison never
    /// are.</param>
    public ExpressionResult Evaluate(ReadOnlySpan<TagState> states, long nowTicks, double hysteresis = 0)
    {
        var top = -1;
        foreach (ref readonly var instruction in expression.Code.AsSpan())
        {
            switch (instruction.Operands)
            {
                case 0:
                    stack[++top] = Push(in instruction, states, nowTicks);
                    break;
                case 1 when instruction.Op == OpCode.Window:
                    stack[top] = windows[instruction.A].Update(stack[top], nowTicks);
                    break;
                case 1:
                    stack[top] =
                        Finite(Scalar.Of(instruction.Op, stack[top].Number), stack[top].Status, stack[top].SourceTicks);
                    break;
                case 2:
                    top--;
                    stack[top] = Combine(in instruction, in stack[top], in stack[top + 1], hysteresis);
                    break;
                default:
                    top -= 2;
                    stack[top] = instruction.Op == OpCode.Select
                        ? Select(in stack[top], in stack[top + 1], in stack[top + 2])
                        : Clamp(in stack[top], in stack[top + 1], in stack[top + 2]);
                    break;
            }
        }

        return stack[0];
    }

    /// <summary>Moves what windows remember after the clock was set.</summary>
    public void ShiftClock(TimeSpan by)
    {
        foreach (var window in windows) window.ShiftClock(by.Ticks);
    }

    private ExpressionResult Push(in Instruction instruction, ReadOnlySpan<TagState> states, long nowTicks)
    {
        if (instruction.Op == OpCode.PushNumber) return new ExpressionResult(instruction.Number, StatusCode.Good, 0);
        if (instruction.Op is OpCode.TextEqual or OpCode.TextNotEqual) return CompareText(in instruction, states);
        ref readonly var state = ref states[instruction.A];
        var sourceTicks = state.Sample.SourceTime.Ticks;
        if (instruction.Op == OpCode.PushTag) return Finite(state.Number, state.Sample.Status, sourceTicks);
        var number = instruction.Op switch
        {
            OpCode.Quality => Math.Min(state.Sample.Status.Code >> 30, 2),
            OpCode.IsGood => state.Sample.Status.IsGood ? 1 : 0,
            OpCode.IsUncertain => state.Sample.Status.IsUncertain ? 1 : 0,
            OpCode.IsBad => state.Sample.Status.IsBad ? 1 : 0,
            OpCode.IsQuiet => state.Liveness == Liveness.Quiet ? 1 : 0,
            OpCode.IsDead => state.Liveness == Liveness.Dead ? 1 : 0,
            _ => Math.Max(0, nowTicks - state.HeardTicks) / (double)TimeSpan.TicksPerSecond,
        };
        return new ExpressionResult(number, StatusCode.Good, sourceTicks);
    }

    private ExpressionResult CompareText(in Instruction instruction, ReadOnlySpan<TagState> states)
    {
        var (left, leftStatus, leftTicks) = TextOf(instruction.A, states);
        var (right, rightStatus, rightTicks) = TextOf(instruction.B, states);
        var isEqual = string.Equals(left, right, StringComparison.Ordinal);
        return new ExpressionResult(
            isEqual == (instruction.Op == OpCode.TextEqual) ? 1 : 0,
            StatusCode.Worse(leftStatus, rightStatus), Math.Max(leftTicks, rightTicks));
    }

    private (string? Text, StatusCode Status, long Ticks) TextOf(int index, ReadOnlySpan<TagState> states)
    {
        if (index < 0) return (expression.Literals[~index], StatusCode.Good, 0);
        ref readonly var sample = ref states[index].Sample;
        return (sample.Value.Text, sample.Status, sample.SourceTime.Ticks);
    }

    private static ExpressionResult Combine(in Instruction instruction, in ExpressionResult a, in ExpressionResult b,
        double hysteresis)
    {
        var ticks = Math.Max(a.SourceTicks, b.SourceTicks);
        if (instruction.Op is OpCode.And or OpCode.Or) return Decide(in a, in b, instruction.Op == OpCode.Or ? 1
            : 0, ticks);
        var status = StatusCode.Worse(a.Status, b.Status);
        if (status.IsBad) return new ExpressionResult(double.NaN, status, ticks);
        return instruction.Op is >= OpCode.Less and <= OpCode.NotEqual
            ? new ExpressionResult(Scalar.Holds(instruction.Op, a.Number, b.Number, hysteresis * instruction.B) ? 1
                : 0, status, ticks)
            : Finite(Scalar.Of(instruction.Op, a.Number, b.Number), status, ticks);
    }

    // Three-valued logic: false decides 'and', true decides 'or', whatever the other operand's quality.
    private static ExpressionResult Decide(in ExpressionResult a, in ExpressionResult b, double deciding, long ticks)
    {
        var aDecides = !a.Status.IsBad && a.Number == deciding;
        var bDecides = !b.Status.IsBad && b.Number == deciding;
        if (aDecides && bDecides)
            return new ExpressionResult(deciding, a.Status.Code >> 30 <= b.Status.Code >> 30 ? a.Status
                : b.Status, ticks);
        if (aDecides) return new ExpressionResult(deciding, a.Status, ticks);
        if (bDecides) return new ExpressionResult(deciding, b.Status, ticks);
        return new ExpressionResult(1 - deciding, StatusCode.Worse(a.Status, b.Status), ticks);
    }

    private static ExpressionResult Select(in ExpressionResult condition, in ExpressionResult then,
        in ExpressionResult otherwise)
    {
        var chosen = condition.IsTrue ? then : otherwise;
        return new ExpressionResult(
            chosen.Number, StatusCode.Worse(condition.Status, chosen.Status),
            Math.Max(condition.SourceTicks, chosen.SourceTicks));
    }

    private static ExpressionResult Clamp(in ExpressionResult value, in ExpressionResult low, in ExpressionResult high)
    {
        var status = StatusCode.Worse(value.Status, StatusCode.Worse(low.Status, high.Status));
        var ticks = Math.Max(value.SourceTicks, Math.Max(low.SourceTicks, high.SourceTicks));
        return Finite(Math.Max(low.Number, Math.Min(high.Number, value.Number)), status, ticks);
    }

    private static ExpressionResult Finite(double number, StatusCode status, long ticks) =>
        new(number, status.IsBad || double.IsFinite(number) ? status : StatusCode.BadOutOfRange, ticks);
}
