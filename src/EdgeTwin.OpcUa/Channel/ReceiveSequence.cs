using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Holds the frames of one direction against their order: a repeat, a gap or a step back means that frames
/// were replayed, lost or put in (OPC 10000-6 §6.7.2.4); so also without security.</summary>
internal struct ReceiveSequence(bool legacy)
{
    private uint last;
    private bool started;

    /// <exception cref="OpcUaException">BadSequenceNumberInvalid.</exception>
    public void Check(uint number)
    {
        if (started && !Follows(number))
            throw new OpcUaException(StatusCodes.BadSequenceNumberInvalid,
                $"sequence number {number} does not follow {last}");
        started = true;
        last = number;
    }

    private readonly bool Follows(uint number) =>
        legacy && last > SendSequence.LegacyLast
            ? number == last + 1 && number > last || number < SendSequence.LegacyFirstBelow
            : number == unchecked(last + 1);
}
