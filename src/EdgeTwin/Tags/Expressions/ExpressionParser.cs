namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// The grammar, by recursive descent; loosest first:
/// <code>
/// or          and { ("or" | "||") and }
/// and         not { ("and" | "&amp;&amp;") not }
/// not         ("not" | "!") not | comparison
/// comparison  sum [ ("&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "==" | "!=") sum ]
/// sum         product { ("+" | "-") product }
/// product     unary { ("*" | "/" | "%") unary }
/// unary       ("-" | "+") unary | power
/// power       primary [ "^" unary ]
/// primary     number | duration | text | "true" | "false" | name | name "(" arguments ")" | "(" or ")"
/// </code>
/// It stops at the first error of syntax; errors of meaning are all collected by the <see cref="ExpressionBuilder"/>.
/// </summary>
internal sealed class ExpressionParser
{
    private const int DeepestNesting = 64;

    private readonly ExpressionLexer lexer;
    private readonly ExpressionBuilder builder;
    private Token current;
    private Token next;
    private int depth;
    private bool failed;

    public ExpressionParser(string text, ExpressionBuilder builder)
    {
        lexer = new ExpressionLexer(text);
        this.builder = builder;
        current = lexer.Next();
        next = lexer.Next();
    }

    public Operand Parse()
    {
        if (current.Kind == TokenKind.End) return Fail(current.Offset, "the expression is empty");
        var result = Or();
        if (current.Kind != TokenKind.End) Fail(current.Offset, Unexpected());
        return result;
    }

    private Operand Or()
    {
        var left = And();
        while (Take("||")) left = builder.Logic(OpCode.Or, left, And());
        return left;
    }

    private Operand And()
    {
        var left = Not();
        while (Take("&&")) left = builder.Logic(OpCode.And, left, Not());
        return left;
    }

    private Operand Not()
    {
        if (!current.Is("!")) return Comparison();
        Advance();
        var operand = Nested(Not);
        return failed ? operand : builder.Not(operand);
    }

    private Operand Comparison()
    {
        var left = Sum();
        if (ComparisonOf(current) is not { } op) return left;
        var sign = Advance();
        var result = builder.Compare(op, sign.Text, left, Sum());
        return ComparisonOf(current) is null
            ? result
            : Fail(current.Offset, "a comparison has two sides; join two comparisons with 'and'");
    }

    private static OpCode? ComparisonOf(Token token) => token.Kind != TokenKind.Sign ? null : token.Text switch
    {
        "<" => OpCode.Less,
        "<=" => OpCode.LessOrEqual,
        ">" => OpCode.Greater,
        ">=" => OpCode.GreaterOrEqual,
        "==" => OpCode.Equal,
        "!=" => OpCode.NotEqual,
        _ => null,
    };

    private Operand Sum()
    {
        var left = Product();
        while (current.Is("+") || current.Is("-"))
        {
            var op = Advance().Text == "+" ? OpCode.Add : OpCode.Subtract;
            left = builder.Arithmetic(op, left, Product());
        }

        return left;
    }

    private Operand Product()
    {
        var left = Unary();
        while (current.Is("*") || current.Is("/") || current.Is("%"))
        {
            var op = Advance().Text switch { "*" => OpCode.Multiply, "/" => OpCode.Divide, _ => OpCode.Modulo };
            left = builder.Arithmetic(op, left, Unary());
        }

        return left;
    }

    private Operand Unary()
    {
        if (!current.Is("-") && !current.Is("+")) return Power();
        var sign = Advance();
        var operand = Nested(Unary);
        return failed ? operand : builder.Signed(operand, sign.Text == "-");
    }

    private Operand Power()
    {
        var left = Primary();
        return Take("^") ? builder.Arithmetic(OpCode.Power, left, Nested(Unary)) : left;
    }

    private Operand Primary()
    {
        var token = current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Advance();
                return builder.Number(token.Offset, token.Number, ExpressionUnit.Plain);
            case TokenKind.Duration:
                Advance();
                return builder.Number(token.Offset, token.Number, ExpressionUnit.Second);
            case TokenKind.Text:
                Advance();
                return builder.Text(token);
            case TokenKind.Name when next.Is("("):
                return Call();
            case TokenKind.Name:
                Advance();
                return builder.Name(token);
            case TokenKind.Sign when token.Text == "(":
                return Bracket();
            default:
                return Fail(token.Offset, Unexpected());
        }
    }

    private Operand Bracket()
    {
        Advance();
        var inner = Nested(Or);
        return Take(")") ? inner : Fail(current.Offset, "a ')' is missing");
    }

    private Operand Call()
    {
        var name = Advance();
        Advance();
        if (ExpressionFunctions.IsAboutQuality(name.Text)) return CallAboutQuality(name);
        var arguments = new List<Operand>();
        TimeSpan? window = null;
        while (!failed && !current.Is(")"))
        {
            if (current.Kind == TokenKind.Duration && next.Is(")") && arguments.Count > 0)
                window = TimeSpan.FromSeconds(Math.Min(Advance().Number, TimeSpan.MaxValue.TotalSeconds / 2));
            else
                arguments.Add(Nested(Or));
            if (!current.Is(",")) break;
            Advance();
        }

        if (!Take(")")) return Fail(current.Offset, $"the ')' of {name.Text}( is missing");
        return builder.Call(name, arguments, window);
    }

    private Operand CallAboutQuality(Token name)
    {
        if (current.Kind != TokenKind.Name)
            return Fail(current.Offset, $"{name.Text}() takes the name of one tag, such as {name.Text}(flow)");
        var tag = Advance();
        return Take(")")
            ? builder.AboutQuality(name, tag)
            : Fail(current.Offset, $"{name.Text}() takes the name of one tag and nothing else");
    }

    private Operand Nested(Func<Operand> rule)
    {
        if (depth == DeepestNesting) return Fail(current.Offset,
            $"the expression is nested deeper than {DeepestNesting} levels");
        depth++;
        var result = rule();
        depth--;
        return result;
    }

    private Token Advance()
    {
        var taken = current;
        current = next;
        if (next.Kind is not (TokenKind.End or TokenKind.Invalid)) next = lexer.Next();
        return taken;
    }

    private bool Take(string sign)
    {
        if (!current.Is(sign)) return false;
        Advance();
        return true;
    }

    private string Unexpected() => current.Kind switch
    {
        TokenKind.Invalid => current.Text,
        TokenKind.End => "the expression ends where a value should follow",
        TokenKind.Sign => $"'{current.Text}' is not expected here",
        TokenKind.Text => $"the text \"{current.Text}\" is not expected here",
        _ => $"'{current.Text}' is not expected here; an operator is missing before it",
    };

    // Everything after a syntax error would be a guess, so parsing ends by pretending that the text does.
    private Operand Fail(int offset, string message)
    {
        if (!failed) builder.Report(offset, message);
        failed = true;
        current = next = new Token(TokenKind.End, offset, "");
        return builder.Erroneous(offset);
    }
}
