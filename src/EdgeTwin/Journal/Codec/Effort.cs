namespace EdgeTwin.Journal.Codec;

/// <summary>How much time a coder may take.</summary>
internal enum Effort
{
    /// <summary>For history that is merged again soon.</summary>
    Fast,

    /// <summary>For history that stays.</summary>
    Thorough,
}
