namespace EdgeTwin.Modbus;

/// <summary>
/// Finds messages in what a serial line delivers, by the silence between them. Does no I/O: bytes and a monotonic time
/// come in. Chunks come from the kernel, so silences inside a message shorter than the end-of-message silence are not
/// seen and not judged; a message torn by a longer one fails its check and is counted.
/// </summary>
internal sealed class RtuReceiver(RtuTiming timing)
{
    private readonly byte[] buffer = new byte[RtuFraming.LongestMessage];
    private int length;
    private bool overrun;
    private TimeSpan last;

    /// <summary>Messages that were dropped: wrong check, too short or too long.</summary>
    public long Dropped { get; private set; }

    /// <summary>What has come of the message so far.</summary>
    public ReadOnlySpan<byte> Received => buffer.AsSpan(0, length);

    /// <summary>
    /// Takes bytes that came at <paramref name="now"/>. What was there before a silence and has not been taken is
    /// dropped.
    /// </summary>
    public void Receive(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsSilent(now)) Drop();
        last = now;
        if (bytes.Length > buffer.Length - length) overrun = true;
        else
        {
            bytes.CopyTo(buffer.AsSpan(length));
            length += bytes.Length;
        }
    }

    /// <summary>
    /// Takes the message when the line has been silent long enough, or as soon as <paramref name="expectedLength"/>
    /// bytes (0: unknown) with the right check are there. The data stays valid until the next <see cref="Receive"/>.
    /// </summary>
    public bool TryTake(TimeSpan now, int expectedLength, out byte unit, out ReadOnlySpan<byte> pdu)
    {
        unit = 0;
        pdu = default;
        if (length == 0 && !overrun) return false;
        if (!overrun && length == expectedLength && RtuFraming.TryRead(Received, out unit, out pdu))
        {
            length = 0;
            return true;
        }

        if (!IsSilent(now)) return false;
        if (overrun || !RtuFraming.TryRead(Received, out unit, out pdu))
        {
            Drop();
            return false;
        }

        length = 0;
        return true;
    }

    private bool IsSilent(TimeSpan now) => now - last >= timing.Silence;

    private void Drop()
    {
        if (length > 0 || overrun) Dropped++;
        length = 0;
        overrun = false;
    }
}
