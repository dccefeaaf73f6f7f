namespace EdgeTwin.Tags.Expressions;

/// <summary>What is wrong in an expression, and where.</summary>
/// <param name="Offset">0-based character in the expression's text.</param>
/// <param name="Message">What, which, the value, the fix.</param>
internal sealed record ExpressionError(int Offset, string Message);
