namespace EdgeTwin.Tags.Expressions;

/// <summary>One step of a compiled expression.</summary>
/// <param name="Op">What to do.</param>
/// <param name="A">Tag index, window index, or for text the left side: a tag index, or the complement of a
/// literal's.</param>
/// <param name="B">For text the right side; for a comparison which way hysteresis widens it: 1, -1, or 0 for not at
/// all.</param>
/// <param name="Number">The number to push.</param>
internal readonly record struct Instruction(OpCode Op, int A = 0, int B = 0, double Number = 0)
{
    /// <summary>Number of operands taken from the stack; each instruction leaves one.</summary>
    public int Operands => Op switch
    {
        < OpCode.Window => 0, // they read the tags themselves
        <= OpCode.Sign => 1,
        <= OpCode.Or => 2,
        _ => 3,
    };

    public bool IsOrdering => Op is >= OpCode.Less and <= OpCode.GreaterOrEqual;
}
