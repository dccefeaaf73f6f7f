namespace EdgeTwin.Journal.Codec;

/// <summary>What the whole numbers of a series stand for. The numbers are part of the format.</summary>
internal enum NumberKind : byte
{
    /// <summary>The 64 bits themselves: integers, Booleans, or anything else unchanged.</summary>
    Integer = 0,

    /// <summary>number / 10^decimals gives the Float32 or Float64 bit for bit.</summary>
    Decimal = 1,

    /// <summary>Bit patterns of Float64, arranged so that they ascend with the value.</summary>
    Ordered64 = 2,

    /// <summary>Bit patterns of Float32, arranged so that they ascend with the value.</summary>
    Ordered32 = 3,
}
