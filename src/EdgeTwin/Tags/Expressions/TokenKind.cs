namespace EdgeTwin.Tags.Expressions;

/// <summary>Kind of a word or sign in an expression's text.</summary>
internal enum TokenKind
{
    End,
    Number,

    /// <summary>A number with a unit of time, such as <c>10s</c>; its value is in seconds.</summary>
    Duration,
    Text,
    Name,

    /// <summary>An operator, a bracket or a comma; <c>and</c>, <c>or</c> and <c>not</c> come as their signs.</summary>
    Sign,

    /// <summary>Something that is no word of the language; the token's text says what is wrong.</summary>
    Invalid,
}
