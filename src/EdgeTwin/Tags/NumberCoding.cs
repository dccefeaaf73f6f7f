namespace EdgeTwin.Tags;

/// <summary>How an integer is coded on the device.</summary>
internal enum NumberCoding
{
    /// <summary>Two's complement, or plain for unsigned types.</summary>
    Binary,

    /// <summary>Packed binary-coded decimal, four digits a register.</summary>
    Bcd,
}
