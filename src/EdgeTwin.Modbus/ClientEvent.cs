namespace EdgeTwin.Modbus;

/// <summary>What the first message in the received bytes is to the client.</summary>
/// <param name="Consumed">Bytes of the message; 0 when it is not whole yet.</param>
/// <param name="Slot">Slot of the request that it answers; −1 when it answers none and is to be skipped.</param>
internal readonly record struct ClientEvent(int Consumed, int Slot)
{
    public static ClientEvent NeedMore => new(0, -1);

    public static ClientEvent Answer(int bytes, int slot) => new(bytes, slot);

    public static ClientEvent Discarded(int bytes) => new(bytes, -1);
}
