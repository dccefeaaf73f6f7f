namespace EdgeTwin.Tags.Expressions;

/// <summary>One word or sign of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins, 0-based.</param>
/// <param name="Text">The name, the sign, the unquoted text, or the error message.</param>
/// <param name="Number">Value of a number; seconds of a duration.</param>
internal readonly record struct Token(TokenKind Kind, int Offset, string Text, double Number = 0)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;
}
