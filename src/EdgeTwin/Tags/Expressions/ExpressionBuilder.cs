namespace EdgeTwin.Tags.Expressions;

/// <summary>Checks kinds and units of each part as the parser meets it, and appends its instructions.</summary>
internal sealed class ExpressionBuilder(IExpressionScope scope)
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(1);
    private static readonly string[] QualityWords = ["good", "uncertain", "bad"];

    private readonly List<ExpressionError> errors = [];

    public IReadOnlyList<ExpressionError> Errors => errors;
    public List<Instruction> Code { get; } = [];
    public List<WindowSpec> Windows { get; } = [];
    public List<string> Literals { get; } = [];
    public List<TagId> References { get; } = [];

    public void Report(int offset, string message) => errors.Add(new ExpressionError(offset, message));

    public Operand Erroneous(int offset) => new(offset, Code.Count, ExpressionKind.Erroneous, ExpressionUnit.Unknown);

    public Operand Number(int offset, double number, ExpressionUnit unit)
    {
        Code.Add(new Instruction(OpCode.PushNumber, Number: number));
        return new Operand(offset, Code.Count - 1, ExpressionKind.Number, unit, number);
    }

    public Operand Text(Token literal)
    {
        Literals.Add(literal.Text);
        return new Operand(literal.Offset, Code.Count, ExpressionKind.Text, ExpressionUnit.Unknown,
            TextIndex: ~(Literals.Count - 1));
    }

    public Operand Name(Token name)
    {
        if (name.Text is "true" or "false")
        {
            Code.Add(new Instruction(OpCode.PushNumber, Number: name.Text == "true" ? 1 : 0));
            return new Operand(name.Offset, Code.Count - 1, ExpressionKind.Boolean, ExpressionUnit.Unknown);
        }

        if (!scope.TryFind(name.Text, out var tag) && Array.IndexOf(QualityWords, name.Text) is >= 0 and var quality)
        {
            Code.Add(new Instruction(OpCode.PushNumber, Number: quality));
            return new Operand(name.Offset, Code.Count - 1, ExpressionKind.Quality, ExpressionUnit.Unknown);
        }

        if (tag is null) return Unknown(name);
        Refer(tag);
        if (tag.Type == TagDataType.String)
            return new Operand(name.Offset, Code.Count, ExpressionKind.Text, ExpressionUnit.Unknown,
                TextIndex: tag.Id.Index);
        Code.Add(new Instruction(OpCode.PushTag, tag.Id.Index));
        var kind = tag.Type == TagDataType.Bool ? ExpressionKind.Boolean : ExpressionKind.Number;
        return new Operand(name.Offset, Code.Count - 1, kind, ExpressionUnit.Of(tag.Unit));
    }

    public Operand Logic(OpCode op, Operand left, Operand right)
    {
        Require(left, ExpressionKind.Boolean);
        Require(right, ExpressionKind.Boolean);
        Code.Add(new Instruction(op));
        return new Operand(left.Offset, left.Start, ExpressionKind.Boolean, ExpressionUnit.Unknown);
    }

    public Operand Not(Operand operand)
    {
        Require(operand, ExpressionKind.Boolean);
        Widen(operand.Start, -1);
        Code.Add(new Instruction(OpCode.Not));
        return operand with { Kind = ExpressionKind.Boolean };
    }

    public Operand Signed(Operand operand, bool isNegative)
    {
        Require(operand, ExpressionKind.Number);
        if (!isNegative) return operand;
        if (operand.Constant is { } constant)
        {
            Code[^1] = new Instruction(OpCode.PushNumber, Number: -constant);
            return operand with { Constant = -constant };
        }

        Code.Add(new Instruction(OpCode.Negate));
        return operand with { Kind = ExpressionKind.Number };
    }

    public Operand Arithmetic(OpCode op, Operand left, Operand right)
    {
        Require(left, ExpressionKind.Number);
        Require(right, ExpressionKind.Number);
        var unit = UnitOf(op, left, right);
        if (op is OpCode.Divide or OpCode.Modulo && right.Constant == 0) Report(right.Offset, "this divides by zero");
        if (left.Constant is { } a && right.Constant is { } b && Scalar.Of(op, a, b) is var folded
            && double.IsFinite(folded))
        {
            Code.RemoveRange(left.Start, Code.Count - left.Start);
            return Number(left.Offset, folded, unit);
        }

        Code.Add(new Instruction(op));
        return new Operand(left.Offset, left.Start, ExpressionKind.Number, unit);
    }

    public Operand Compare(OpCode op, string sign, Operand left, Operand right)
    {
        var result = new Operand(left.Offset, left.Start, ExpressionKind.Boolean, ExpressionUnit.Unknown);
        if (left.Kind == ExpressionKind.Erroneous || right.Kind == ExpressionKind.Erroneous) return result;
        if (left.Kind != right.Kind)
        {
            Report(left.Offset, $"'{sign}' compares {Describe(left.Kind)} with {Describe(right.Kind)}");
            return result;
        }

        var isEquality = op is OpCode.Equal or OpCode.NotEqual;
        if (!isEquality && left.Kind is (ExpressionKind.Text or ExpressionKind.Boolean))
            Report(left.Offset, $"{Describe(left.Kind)} has no order; compare with '==' or '!='");
        if (left.Kind == ExpressionKind.Text)
        {
            Code.Add(new Instruction(op == OpCode.Equal ? OpCode.TextEqual
                : OpCode.TextNotEqual, left.TextIndex, right.TextIndex));
            return result;
        }

        Widen(left.Start, 0);
        CheckUnits(left, right, "compare", isSum: false);
        Code.Add(new Instruction(op, B: left.Kind == ExpressionKind.Number && !isEquality ? 1 : 0));
        return result;
    }

    public Operand AboutQuality(Token function, Token tagName)
    {
        if (!scope.TryFind(tagName.Text, out var tag)) return Unknown(tagName);
        Refer(tag);
        var (op, kind, unit) = ExpressionFunctions.AboutQuality(function.Text);
        Code.Add(new Instruction(op, tag.Id.Index));
        return new Operand(function.Offset, Code.Count - 1, kind, unit);
    }

    public Operand Call(Token name, List<Operand> arguments, TimeSpan? window)
    {
        if (arguments.Count > 0) Widen(arguments[0].Start, 0);
        if (!ExpressionFunctions.TryFind(name.Text, out var function))
        {
            var near = NearestName.Find(name.Text, ExpressionFunctions.Names) is { } nearest
                ? $"; did you mean {nearest}()?" : "";
            Report(name.Offset, $"there is no function {name.Text}(){near}");
            return Erroneous(name.Offset);
        }

        var result = window is { } length ? function.OverTime?.Invoke(this, arguments, length)
            : function.Plain?.Invoke(this, arguments);
        if (result is { } operand) return operand with { Offset = name.Offset };
        Report(name.Offset, $"{name.Text}() is written {function.Usage}");
        return Erroneous(name.Offset);
    }

    public Operand OverTime(WindowFunction function, Operand argument, TimeSpan length, ExpressionKind kind,
        ExpressionUnit unit)
    {
        if (length < ShortestWindow || length > LongestWindow)
            Report(argument.Offset, $"a window of {length.TotalSeconds:G6} s is outside 1 ms to 31 days");
        Windows.Add(new WindowSpec(function, length));
        Code.Add(new Instruction(OpCode.Window, Windows.Count - 1));
        return new Operand(argument.Offset, argument.Start, kind, unit);
    }

    public Operand Apply(OpCode op, Operand first, ExpressionKind kind, ExpressionUnit unit)
    {
        Code.Add(new Instruction(op));
        return new Operand(first.Offset, first.Start, kind, unit);
    }

    public void Require(Operand operand, ExpressionKind kind)
    {
        if (operand.Kind == kind || operand.Kind == ExpressionKind.Erroneous) return;
        var hint = (operand.Kind, kind) switch
        {
            (ExpressionKind.Number, ExpressionKind.Boolean) => "; compare it, such as '!= 0'",
            (ExpressionKind.Boolean, ExpressionKind.Number) => "; choose numbers with if(condition, 1, 0)",
            (ExpressionKind.Text, _) => "; text can only be compared",
            _ => "",
        };
        Report(operand.Offset, $"this is {Describe(operand.Kind)}, and {Describe(kind)} is needed{hint}");
    }

    public void CheckUnits(Operand left, Operand right, string verb, bool isSum)
    {
        if (ExpressionUnit.Conflict(left.Unit, right.Unit, isSum) is { } conflict) Report(left.Offset,
            $"cannot {verb}: {conflict}");
    }

    public static string Describe(ExpressionKind kind) => kind switch
    {
        ExpressionKind.Number => "a number",
        ExpressionKind.Boolean => "a condition",
        ExpressionKind.Text => "text",
        _ => "a quality",
    };

    // Hysteresis widens a comparison in the direction that keeps the whole condition true: 'not' turns it round, and a
    // comparison inside another comparison or a function call has no such direction.
    private void Widen(int start, int factor)
    {
        for (var i = start; i < Code.Count; i++)
        {
            if (Code[i].IsOrdering) Code[i] = Code[i] with { B = Code[i].B * factor };
        }
    }

    private ExpressionUnit UnitOf(OpCode op, Operand left, Operand right)
    {
        switch (op)
        {
            case OpCode.Add or OpCode.Subtract or OpCode.Modulo:
                CheckUnits(left, right, op == OpCode.Add ? "add" : op == OpCode.Subtract ? "subtract"
                    : "divide with remainder", isSum: true);
                return ExpressionUnit.Sum(left.Unit, right.Unit, op == OpCode.Subtract);
            case OpCode.Power when left.Unit.IsPlain:
                return ExpressionUnit.Plain;
            case OpCode.Power:
                var square = ExpressionUnit.Product(left.Unit, left.Unit, isQuotient: false);
                return right.Constant switch
                {
                    1 => left.Unit,
                    2 => square,
                    3 => ExpressionUnit.Product(square, left.Unit, isQuotient: false),
                    _ => ExpressionUnit.Unknown,
                };
        }

        if (left.Unit.IsPlain && right.Unit.IsPlain) return ExpressionUnit.Plain;
        if (right.Unit.IsPlain) return Keeps(right) ? left.Unit : ExpressionUnit.Unknown;
        if (left.Unit.IsPlain)
            return !Keeps(left) ? ExpressionUnit.Unknown : op == OpCode.Divide ? ExpressionUnit.Inverse(right.Unit)
                : right.Unit;
        return ExpressionUnit.Product(left.Unit, right.Unit, op == OpCode.Divide);
    }

    private static bool Keeps(Operand plain) => plain.Constant is { } constant && ExpressionUnit.IsSmallWhole(constant);

    private void Refer(TagDefinition tag)
    {
        if (!References.Contains(tag.Id)) References.Add(tag.Id);
    }

    private Operand Unknown(Token name)
    {
        var parts = name.Text.Split('-');
        var isDifference = parts.Length > 1
            && Array.TrueForAll(parts, part => scope.TryFind(part, out _) || double.TryParse(part, out _));
        var hint = isDifference
            ? $"; a '-' without spaces belongs to the name: to subtract, write '{string.Join(" - ", parts)}'"
            : NearestName.Find(name.Text, scope.Names) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        Report(name.Offset, $"there is no tag '{name.Text}'{hint}");
        return Erroneous(name.Offset);
    }
}
