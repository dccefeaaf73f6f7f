namespace EdgeTwin.Modbus;

/// <summary>
/// The client's side of a Modbus TCP connection without the connection: gives out transaction ids, finds the request
/// that an answer belongs to, and throws away what belongs to none. No I/O, no clock, no lock: its owner has them.
/// </summary>
internal sealed class ClientSession(int outstanding)
{
    /// <summary>Ids of requests given up that are remembered, so that a late answer is told from a foreign
    /// one.</summary>
    private const int Remembered = 64;

    private readonly Slot[] slots = new Slot[outstanding];
    private readonly int[] abandoned = Enumerable.Repeat(-1, Remembered).ToArray();
    private int nextAbandoned;
    private ushort lastTransaction;
    private long requests, answers, timeouts, late, foreign, malformed;

    public ModbusClientCounters Counters => new(requests, answers, timeouts, late, foreign, malformed);

    /// <summary>Writes the message of a request into a free slot and returns its length.</summary>
    public int Begin(int slot, byte unit, in ModbusRequest request, Span<byte> message)
    {
        var transaction = NextTransaction();
        slots[slot] = new Slot(true, transaction, unit, request);
        requests++;

        var writer = new PduWriter(message[MbapHeader.Bytes..]);
        RequestCodec.Write(request, ref writer);
        var header = new MbapHeader(transaction, unit, writer.Length);
        header.Write(message);
        return header.MessageBytes;
    }

    /// <summary>Looks at the first message in the bytes.</summary>
    /// <exception cref="ModbusException">The framing is lost; the connection must end.</exception>
    public ClientEvent Receive(ReadOnlySpan<byte> bytes)
    {
        if (!MbapHeader.TryRead(bytes, out var header)) return ClientEvent.NeedMore;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot].Active && slots[slot].Transaction == header.Transaction)
                return ClientEvent.Answer(header.MessageBytes, slot);
        }

        if (Array.IndexOf(abandoned, header.Transaction) is >= 0 and var at)
        {
            abandoned[at] = -1; // a second answer to it is foreign
            late++;
        }
        else foreign++;

        return ClientEvent.Discarded(header.MessageBytes);
    }

    /// <summary>Ends the request of a slot with its answer and returns the data in it.</summary>
    /// <exception cref="ModbusException">The device refused, or the answer is malformed; the slot is free all the
    /// same.</exception>
    public ReadOnlySpan<byte> Complete(int slot, ReadOnlySpan<byte> message)
    {
        var asked = slots[slot];
        slots[slot] = default;
        try
        {
            var unit = message[MbapHeader.Bytes - 1];
            if (unit != asked.Unit)
                throw new ModbusException(ModbusError.MalformedAnswer,
                    $"unit {unit} answered a request to unit {asked.Unit}");
            var data = AnswerCodec.Read(asked.Request, message[MbapHeader.Bytes..]);
            answers++;
            return data;
        }
        catch (ModbusException e)
        {
            if (e.Error == ModbusError.Refused) answers++;
            else malformed++;
            throw;
        }
    }

    /// <summary>Gives the request of a slot up; an answer that still comes is discarded as late.</summary>
    public void Abandon(int slot, bool timedOut)
    {
        if (timedOut) timeouts++;
        abandoned[nextAbandoned] = slots[slot].Transaction;
        nextAbandoned = (nextAbandoned + 1) % Remembered;
        slots[slot] = default;
    }

    /// <summary>The next id that no waiting request has; one that was given up long ago is forgotten as it comes
    /// round.</summary>
    private ushort NextTransaction()
    {
        do lastTransaction++;
        while (IsWaiting(lastTransaction));
        if (Array.IndexOf(abandoned, lastTransaction) is >= 0 and var at) abandoned[at] = -1;
        return lastTransaction;
    }

    private bool IsWaiting(ushort transaction)
    {
        foreach (var slot in slots)
        {
            if (slot.Active && slot.Transaction == transaction) return true;
        }

        return false;
    }

    private readonly record struct Slot(bool Active, ushort Transaction, byte Unit, ModbusRequest Request);
}
