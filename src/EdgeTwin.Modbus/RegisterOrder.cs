namespace EdgeTwin.Modbus;

/// <summary>How a value lies in its registers. The specification has no say beyond one register; vendors
/// differ.</summary>
/// <param name="LowWordFirst">The least significant register has the lowest address.</param>
/// <param name="LowByteFirst">The least significant byte of each register comes first on the wire.</param>
public readonly record struct RegisterOrder(bool LowWordFirst, bool LowByteFirst)
{
    /// <summary>Most significant first throughout, as the specification has it for one register.</summary>
    public static RegisterOrder Abcd => new(false, false);

    /// <summary>Low word first: the most common other order.</summary>
    public static RegisterOrder Cdab => new(true, false);

    /// <summary>High word first, bytes swapped.</summary>
    public static RegisterOrder Badc => new(false, true);

    /// <summary>Least significant first throughout.</summary>
    public static RegisterOrder Dcba => new(true, true);
}
