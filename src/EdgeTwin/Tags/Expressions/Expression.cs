using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// A parsed and checked expression over tags, compiled to a flat program. It is immutable; what windows remember lives
/// in an <see cref="ExpressionEvaluator"/>. Numbers are computed as float64, so an integer beyond 2^53 is rounded.
/// </summary>
internal sealed class Expression
{
    /// <summary>Longest text that is read.</summary>
    public const int LongestText = 4096;

    private Expression(string text, ExpressionBuilder builder, Operand result)
    {
        Text = text;
        ResultKind = result.Kind;
        ResultUnit = result.Unit;
        References = [.. builder.References];
        Code = [.. builder.Code];
        Windows = [.. builder.Windows];
        Literals = [.. builder.Literals];
        StackSize = Measure(Code);
        IsTimeDriven = Windows.Length > 0 || Array.Exists(Code, instruction => instruction.Op == OpCode.Age);
    }

    public string Text { get; }

    /// <summary>The tags it reads, each once, in order of appearance; ids as the scope gave them.</summary>
    public IReadOnlyList<TagId> References { get; }

    /// <summary>Number or Boolean.</summary>
    public ExpressionKind ResultKind { get; }

    /// <summary>The unit of the result; null where it is not known or the result has none.</summary>
    public EngineeringUnit? Unit => ResultUnit.Unit;

    /// <summary>The result changes with time even when no input does: it has a window or an age.</summary>
    public bool IsTimeDriven { get; }

    internal ExpressionUnit ResultUnit { get; }
    internal Instruction[] Code { get; }
    internal WindowSpec[] Windows { get; }
    internal string[] Literals { get; }
    internal int StackSize { get; }

    /// <summary>
    /// Parses and checks; all errors at once, each with its offset in the text (0-based, in characters).
    /// </summary>
    public static bool TryParse(
        string text, IExpressionScope scope, [NotNullWhen(true)] out Expression? expression,
        out IReadOnlyList<ExpressionError> errors)
    {
        expression = null;
        if (text.Length > LongestText)
        {
            errors = [new ExpressionError(LongestText,
                $"the expression is {text.Length} characters long; at most {LongestText} are read")];
            return false;
        }

        var builder = new ExpressionBuilder(scope);
        var result = new ExpressionParser(text, builder).Parse();
        if (result.Kind is ExpressionKind.Text or ExpressionKind.Quality)
            builder.Report(result.Offset,
                $"the result is {ExpressionBuilder.Describe(result.Kind)}, which can only be compared");
        errors = builder.Errors;
        if (errors.Count > 0) return false;
        expression = new Expression(text, builder, result);
        return true;
    }

    /// <summary>
    /// The names in a text that may be tags, each once, without checking anything: what an order of definition needs
    /// before any of them can be parsed.
    /// </summary>
    public static IReadOnlyList<string> NamesIn(string text)
    {
        var names = new List<string>();
        var lexer = new ExpressionLexer(text.Length > LongestText ? "" : text);
        for (var token = lexer.Next(); token.Kind is not (TokenKind.End or TokenKind.Invalid);)
        {
            var next = lexer.Next();
            if (token.Kind == TokenKind.Name && !next.Is("(") && !names.Contains(token.Text)) names.Add(token.Text);
            token = next;
        }

        return names;
    }

    /// <summary>Why the result cannot be the value of a tag of this type and unit; null when it can.</summary>
    public string? MismatchWith(TagDataType type, EngineeringUnit? unit) => (ResultKind, type) switch
    {
        (_, TagDataType.String or TagDataType.None) =>
            $"an expression cannot give a value of type {type.ToString().ToLowerInvariant()}",
        (ExpressionKind.Boolean, not TagDataType.Bool) =>
        "the expression gives a condition: set 'type: bool', or choose numbers with if(condition, 1, 0)",
        (ExpressionKind.Number, TagDataType.Bool) =>
        "the expression gives a number and the tag is a bool: compare it, such as '!= 0'",
        (ExpressionKind.Number, _) when ResultUnit.ConflictWith(unit) is { } conflict => $"the expression {conflict}",
        _ => null,
    };

    /// <summary>Why it cannot be the condition of an alarm; null when it can.</summary>
    public string? MismatchAsCondition() => ResultKind == ExpressionKind.Boolean
        ? null
        : "the expression gives a number where a condition is needed: compare it, such as '> 10'";

    public override string ToString() => Text;

    private static int Measure(Instruction[] code)
    {
        var (size, largest) = (0, 0);
        foreach (var instruction in code)
        {
            size += 1 - instruction.Operands;
            largest = Math.Max(largest, size);
        }

        return largest;
    }
}
