using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>Order and gaps by sequence numbers (OPC 10000-4 §5.14.1.1).</summary>
public sealed class SequenceBufferTests
{
    [Fact]
    public void Messages_come_out_in_order_and_each_once()
    {
        var buffer = new SequenceBuffer();
        Assert.True(buffer.Add(Message(2)));
        Assert.False(buffer.Add(Message(2)));
        Assert.False(buffer.TryPeek(out _));
        Assert.Equal(1u, buffer.Missing);
        buffer.Add(Message(1));
        Assert.Equal([1, 2], TakeAll(buffer));
        Assert.False(buffer.Add(Message(1))); // old
        Assert.Equal(0u, buffer.Missing);
    }

    [Fact]
    public void A_keep_alive_announces_what_is_missing_and_uses_no_number()
    {
        var buffer = new SequenceBuffer();
        buffer.Announce(1);
        Assert.Equal(0u, buffer.Missing);
        buffer.Announce(4);
        Assert.Equal(3u, buffer.Missing);
        buffer.Add(Message(2));
        Assert.Equal(1u, buffer.Missing);
        buffer.Skip();
        Assert.Equal([2], TakeAll(buffer));
        Assert.Equal(1u, buffer.Missing);
        buffer.SkipMissing();
        Assert.Equal(4u, buffer.Next);
        Assert.Equal(0u, buffer.Missing);
    }

    [Fact]
    public void After_the_last_number_comes_one_and_never_zero()
    {
        var buffer = new SequenceBuffer();
        buffer.Announce(uint.MaxValue / 2);
        buffer.SkipMissing();
        buffer.Announce(uint.MaxValue - 1);
        buffer.SkipMissing();
        Assert.Equal(uint.MaxValue - 1, buffer.Next);
        Assert.False(buffer.Add(Message(0)));
        buffer.Add(Message(1));
        Assert.Equal(2u, buffer.Missing);
        buffer.Add(Message(uint.MaxValue));
        buffer.Add(Message(uint.MaxValue - 1));
        Assert.Equal([uint.MaxValue - 1, uint.MaxValue, 1], TakeAll(buffer));
        Assert.Equal(2u, buffer.Next);
    }

    private static NotificationMessage Message(uint number) => new() { SequenceNumber = number };

    private static List<uint> TakeAll(SequenceBuffer buffer)
    {
        var taken = new List<uint>();
        while (buffer.TryPeek(out var message))
        {
            taken.Add(message.SequenceNumber);
            buffer.Taken();
        }

        return taken;
    }
}
