namespace EdgeTwin.Journal.Codec;

/// <summary>How a series of numbers is coded. The numbers are part of the format.</summary>
internal enum SeriesMethod : byte
{
    /// <summary>Runs of equal steps: constants and regular times.</summary>
    Runs = 0,

    /// <summary>Differences to the number before, in groups of 64 with as many bits as the largest of the group
    /// needs.</summary>
    PackedDeltas = 1,

    /// <summary>XOR with the number before, each with as many bytes as it needs.</summary>
    Xor = 2,

    /// <summary>Prediction, and an arithmetic coder for what it missed by.</summary>
    Predicted = 3,

    /// <summary>As <see cref="Predicted"/>, with the number of trailing decimal zeros coded first.</summary>
    PredictedDigits = 4,

    /// <summary>A sorted list of the numbers that occur, and an arithmetic coder for which one.</summary>
    Dictionary = 5,
}
