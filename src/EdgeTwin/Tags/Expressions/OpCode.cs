namespace EdgeTwin.Tags.Expressions;

/// <summary>What one instruction does to the stack of an <see cref="ExpressionEvaluator"/>; right operands are on
/// top.</summary>
internal enum OpCode : byte
{
    PushNumber,
    PushTag,
    Quality,
    IsGood,
    IsUncertain,
    IsBad,
    IsQuiet,
    IsDead,
    Age,
    TextEqual,
    TextNotEqual,
    Window,

    // one operand
    Negate,
    Not,
    Abs,
    Sqrt,
    Exp,
    Ln,
    Log10,
    Sin,
    Cos,
    Tan,
    Floor,
    Ceil,
    Round,
    Sign,

    // two operands
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Min,
    Max,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,

    // three operands
    Clamp,

    /// <summary>Condition, then, else.</summary>
    Select,
}
