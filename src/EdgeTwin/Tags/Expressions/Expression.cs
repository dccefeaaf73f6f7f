using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.Tags.Expressions;

/// <summary>A parsed and checked expression over tags.</summary>
internal sealed class Expression
{
    private Expression(string text) => Text = text;

    public string Text { get; }

    /// <summary>
    /// Parses and checks; all errors at once, each with its offset in the text (0-based, in characters).
    /// </summary>
    public static bool TryParse(
        string text, IExpressionScope scope, [NotNullWhen(true)] out Expression? expression, out IReadOnlyList<ExpressionError> errors)
    {
        _ = scope;
        expression = new Expression(text);
        errors = [];
        return true;
    }
}
