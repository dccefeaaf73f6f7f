namespace EdgeTwin.Tags.Expressions;

/// <summary>A part of an expression that is already compiled.</summary>
/// <param name="Offset">Where it begins in the text.</param>
/// <param name="Start">Its first instruction; its last is the newest one when it is combined.</param>
/// <param name="Kind">Number, Boolean, text or quality.</param>
/// <param name="Unit">What is known of its unit.</param>
/// <param name="Constant">Its value where the text alone decides it.</param>
/// <param name="TextIndex">For text: the tag's index, or the complement of a literal's. Text has no instruction of its
/// own.</param>
internal readonly record struct Operand(
    int Offset, int Start, ExpressionKind Kind, ExpressionUnit Unit, double? Constant = null, int TextIndex = 0)
{
    public bool IsPlainConstant => Constant is not null && Unit.IsPlain;
}
