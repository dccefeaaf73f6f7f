namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Sequence numbers of notification messages: 1 to 2^32-1, then 1 again; 0 is never used (OPC 10000-4
/// §7.27).</summary>
internal static class SequenceNumber
{
    public const uint First = 1;

    public static uint After(uint number) => number == uint.MaxValue ? First : number + 1;
}
