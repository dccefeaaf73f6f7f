using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Types;

/// <summary>Severity, sub-code, and the structure-changed, semantics-changed and info bits of a result (OPC 10000-4
/// §7.39).</summary>
/// <param name="Value">The 32 bits as they travel; 0 is Good.</param>
public readonly record struct StatusCode(uint Value)
{
    private const uint SeverityMask = 0xC000_0000;
    private const uint CodeMask = 0xFFFF_0000;

    /// <summary>Bits that say that the info bits belong to a data value (table 179: InfoType).</summary>
    public const uint InfoTypeDataValue = 0x0000_0400;

    /// <summary>The Overflow bit: a value of the queue before this one was discarded.</summary>
    public const uint OverflowBit = 0x0000_0080;

    /// <summary>The SemanticsChanged bit.</summary>
    public const uint SemanticsChangedBit = 0x0000_4000;

    /// <summary>The StructureChanged bit.</summary>
    public const uint StructureChangedBit = 0x0000_8000;

    /// <summary>True when the severity is Good (00).</summary>
    public bool IsGood => (Value & SeverityMask) == 0;

    /// <summary>True when the severity is Uncertain (01).</summary>
    public bool IsUncertain => (Value & SeverityMask) == 0x4000_0000;

    /// <summary>True when the severity is Bad (10); the reserved 11 counts as bad too.</summary>
    public bool IsBad => (Value & 0x8000_0000) != 0;

    /// <summary>Severity and sub-code without the flag and info bits.</summary>
    public StatusCode Code => new(Value & CodeMask);

    /// <summary>This code marked as following a discarded value (OPC 10000-4 §7.39: Overflow).</summary>
    public StatusCode WithOverflow() => new(Value | InfoTypeDataValue | OverflowBit);

    /// <summary>The same, as that type.</summary>
    public static implicit operator StatusCode(uint value) => new(value);

    /// <summary>The name of the specification, with the bits where they say more; hexadecimal when unknown.</summary>
    public override string ToString()
    {
        var name = StatusCodes.Name(Value & CodeMask);
        if (name is null)
        {
            return $"0x{Value:X8}";
        }

        return (Value & ~CodeMask) == 0 ? name : $"{name} (0x{Value:X8})";
    }
}
