using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>The messages that a client has not acknowledged, as they went out (OPC 10000-4 §5.14.1.1), oldest first.
/// Bounded in number and bytes: the oldest goes, acknowledged or not. Guarded by the subscription's lock.</summary>
internal sealed class RetransmissionQueue(SubscriptionLimits limits, RetransmissionBudget budget) : IDisposable
{
    private readonly List<(uint Number, MessageBuffer Message)> _messages = [];
    private MessageBuffer? spare;
    private long bytes;

    public int Count => _messages.Count;

    /// <summary>Messages that went before they were acknowledged.</summary>
    public uint Discarded { get; private set; }

    /// <summary>A buffer for the next message: that of an acknowledged one when there is one.</summary>
    public MessageBuffer RentBuffer()
    {
        var buffer = spare ?? MessageBuffer.Rent(limits.MaxNotificationBytes);
        spare = null;
        buffer.Reset();
        return buffer;
    }

    /// <summary>Takes back what <see cref="RentBuffer"/> gave and nothing was written to.</summary>
    public void Return(MessageBuffer buffer)
    {
        if (spare is null)
        {
            spare = buffer;
        }
        else
        {
            buffer.Dispose();
        }
    }

    public void Add(uint number, MessageBuffer message)
    {
        _messages.Add((number, message));
        bytes += message.Length;
        budget.Take(message.Length);
        while (_messages.Count > 1 && (_messages.Count > limits.MaxRetransmissionMessages
            || bytes > limits.MaxRetransmissionBytes || budget.IsExceeded))
        {
            RemoveAt(0);
            Discarded++;
        }
    }

    /// <summary>Forgets a message.</summary>
    /// <returns>Good, or BadSequenceNumberUnknown.</returns>
    public StatusCode Acknowledge(uint number)
    {
        var index = IndexOf(number);
        if (index < 0)
        {
            return StatusCodes.BadSequenceNumberUnknown;
        }

        RemoveAt(index);
        return default;
    }

    /// <summary>The message of a number; null when it is not kept.</summary>
    public MessageBuffer? Find(uint number) => IndexOf(number) is >= 0 and var index ? _messages[index].Message : null;

    /// <summary>Writes the numbers that <see cref="Find"/> knows.</summary>
    public void WriteNumbers(in UaWriter writer)
    {
        writer.WriteInt32(_messages.Count);
        foreach (var (number, _) in _messages)
        {
            writer.WriteUInt32(number);
        }
    }

    /// <summary>The numbers that <see cref="Find"/> knows.</summary>
    public uint[] Numbers() => _messages.ConvertAll(static message => message.Number).ToArray();

    public void Dispose()
    {
        while (_messages.Count > 0)
        {
            RemoveAt(_messages.Count - 1);
        }

        spare?.Dispose();
        spare = null;
    }

    private int IndexOf(uint number)
    {
        for (var i = 0; i < _messages.Count; i++)
        {
            if (_messages[i].Number == number)
            {
                return i;
            }
        }

        return -1;
    }

    private void RemoveAt(int index)
    {
        var message = _messages[index].Message;
        _messages.RemoveAt(index);
        bytes -= message.Length;
        budget.Return(message.Length);
        Return(message);
    }
}
