namespace EdgeTwin.Journal.Codec;

/// <summary>How the next value of a series is guessed from those before. The numbers are part of the format.</summary>
internal enum Prediction : byte
{
    /// <summary>The same again.</summary>
    Last = 0,

    /// <summary>The same step again.</summary>
    Line = 1,

    /// <summary>Running mean over about 4 values: noise around a level that moves.</summary>
    Mean4 = 2,

    /// <summary>Running mean over about 16 values.</summary>
    Mean16 = 3,

    /// <summary>Running mean over about 64 values: noise around a level that stands.</summary>
    Mean64 = 4,

    /// <summary>Linear filter over 16 values that learns slowly.</summary>
    Filter = 5,

    /// <summary>Linear filter over 16 values that learns fast.</summary>
    AgileFilter = 6,
}
