using System.Globalization;

namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// Cuts an expression into words. A tag name may hold dots and hyphens: <c>-</c> with a letter, digit or underscore on
/// both sides and a name before it belongs to the name, so a subtraction of names is written with spaces.
/// </summary>
internal sealed class ExpressionLexer(string text)
{
    private static readonly string[] Signs =
        ["<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "^", "(", ")", ","];

    private int position;

    public Token Next()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position])) position++;
        if (position == text.Length) return new Token(TokenKind.End, position, "");
        var first = text[position];
        if (char.IsLetter(first) || first == '_') return Name();
        if (char.IsAsciiDigit(first) || first == '.' && char.IsAsciiDigit(At(position + 1))) return Number();
        return first is '"' or '\'' ? Quoted(first) : Sign();
    }

    private char At(int index) => index < text.Length ? text[index] : '\0';

    private static bool IsNameCharacter(char character) => char.IsLetterOrDigit(character) || character == '_';

    private Token Name()
    {
        var start = position;
        while (IsNameCharacter(At(position)) || At(position) is '-' or '.'
            && IsNameCharacter(At(position + 1))) position++;
        var name = text[start..position];
        return name switch
        {
            "and" => new Token(TokenKind.Sign, start, "&&"),
            "or" => new Token(TokenKind.Sign, start, "||"),
            "not" => new Token(TokenKind.Sign, start, "!"),
            _ => new Token(TokenKind.Name, start, name),
        };
    }

    private Token Number()
    {
        var start = position;
        while (char.IsAsciiDigit(At(position))) position++;
        if (At(position) == '.' && char.IsAsciiDigit(At(position + 1)))
        {
            position++;
            while (char.IsAsciiDigit(At(position))) position++;
        }

        if (At(position) is 'e' or 'E' && ExponentLength() is > 0 and var length) position += length;
        var digits = text[start..position];
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || double.IsInfinity(number))
            return new Token(TokenKind.Invalid, start, $"'{digits}' is not a number that fits a float64");
        return IsNameCharacter(At(position)) ? Duration(start, number)
            : new Token(TokenKind.Number, start, digits, number);
    }

    private int ExponentLength()
    {
        var end = position + 1;
        if (At(end) is '+' or '-') end++;
        if (!char.IsAsciiDigit(At(end))) return 0;
        while (char.IsAsciiDigit(At(end))) end++;
        return end - position;
    }

    private Token Duration(int start, double number)
    {
        var unitStart = position;
        while (IsNameCharacter(At(position))) position++;
        var seconds = text[unitStart..position] switch
        {
            "ms" => 0.001,
            "s" => 1.0,
            "m" or "min" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => 0,
        };
        return seconds > 0
            ? new Token(TokenKind.Duration, start, text[start..position], number * seconds)
            : new Token(TokenKind.Invalid, start,
                $"'{text[start..position]}' is neither a number nor a duration (ms, s, m, h, d)");
    }

    private Token Quoted(char quote)
    {
        var start = position;
        var end = text.IndexOf(quote, start + 1);
        if (end < 0)
        {
            position = text.Length;
            return new Token(TokenKind.Invalid, start, $"the text has no closing {quote}");
        }

        position = end + 1;
        return new Token(TokenKind.Text, start, text[(start + 1)..end]);
    }

    private Token Sign()
    {
        var start = position;
        foreach (var sign in Signs)
        {
            if (string.CompareOrdinal(text, start, sign, 0, sign.Length) != 0) continue;
            position += sign.Length;
            return new Token(TokenKind.Sign, start, sign);
        }

        position = text.Length;
        var hint = text[start] == '=' ? "; equality is '=='" : "";
        return new Token(TokenKind.Invalid, start, $"'{text[start]}' has no meaning here{hint}");
    }
}
