using System.Net;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>A connection that keeps what is sent, decoded.</summary>
internal sealed class FakeConnection : IServerConnection
{
    private readonly Queue<(uint RequestId, IStructure Message)> _sent = new();

    public ChannelInfo Channel => throw new NotSupportedException();

    public EndPoint? Remote => null;

    public int PendingBytes => 0;

    public bool IsCongested { get; set; }

    public bool HasSession { get; set; }

    /// <summary>Most bytes of a message.</summary>
    public int Limit { get; set; } = 16 * 1024 * 1024;

    /// <summary>False drops what is sent without decoding it.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>Bytes of the last message.</summary>
    public int LastLength { get; private set; }

    public int SentCount { get; private set; }

    public MessageBuffer RentBuffer() => MessageBuffer.Rent(Limit);

    public void Send(uint requestId, MessageBuffer message)
    {
        SentCount++;
        LastLength = message.Length;
        if (Keeps)
        {
            var reader = new UaReader(message.Written, EncodingLimits.Default);
            var type = reader.ReadNodeId();
            var decoded = StructureTable.Decode(type.Number, ref reader);
            Assert.NotNull(decoded);
            Assert.Equal(0, reader.Remaining);
            _sent.Enqueue((requestId, decoded));
        }

        message.Dispose();
    }

    /// <summary>The next message if there is one.</summary>
    public IStructure? TryTake() => _sent.TryDequeue(out var sent) ? sent.Message : null;

    /// <summary>The next message, with the id of its request.</summary>
    public (uint RequestId, T Message) Take<T>()
    {
        Assert.True(_sent.TryDequeue(out var sent), "nothing was sent");
        return (sent.RequestId, Assert.IsType<T>(sent.Message));
    }
}
