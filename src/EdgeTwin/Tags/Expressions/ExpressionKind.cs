namespace EdgeTwin.Tags.Expressions;

/// <summary>Kind of value that an expression or a part of it has.</summary>
internal enum ExpressionKind
{
    Number,
    Boolean,

    /// <summary>A String tag or a literal in quotes; it can only be compared.</summary>
    Text,

    /// <summary>What <c>quality(tag)</c> gives; it can only be compared with good, uncertain and bad.</summary>
    Quality,

    /// <summary>Something already reported as an error; it suppresses errors that follow from it.</summary>
    Erroneous,
}
