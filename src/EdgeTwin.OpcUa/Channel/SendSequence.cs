namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// Numbers the frames of one direction, OPN, MSG and CLO alike (OPC 10000-6 §6.7.2.4). Legacy numbers (RSA, None)
/// start at 1 and begin again below 1024 once 4294966271 is passed; the others count from 0 through all 32 bits.
/// </summary>
internal struct SendSequence(bool legacy, uint? first = null)
{
    public const uint LegacyLast = 4_294_966_271;
    public const uint LegacyFirstBelow = 1024;

    private uint next = first ?? (legacy ? 1u : 0u);

    public uint Next()
    {
        var number = next;
        next = legacy && number > LegacyLast ? 1 : unchecked(number + 1);
        return number;
    }
}
