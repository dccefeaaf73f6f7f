namespace EdgeTwin.Modbus;

/// <summary>The silence that ends a message on a serial line (Modbus over Serial Line V1.02 §2.5.1.1).</summary>
/// <param name="Silence">3.5 character times; at more than 19200 baud a fixed 1.75 ms.</param>
internal readonly record struct RtuTiming(TimeSpan Silence)
{
    /// <summary>The silence at a speed; a character has 11 bits with parity or a second stop bit, otherwise
    /// 10.</summary>
    public static RtuTiming At(int baud, int bitsPerCharacter = 11)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(baud, 1);
        return new(baud > 19200 ? TimeSpan.FromMilliseconds(1.75)
            : TimeSpan.FromSeconds(3.5 * bitsPerCharacter / baud));
    }
}
