using System.Threading.Channels;

namespace EdgeTwin.OpcUa.Client.Reverse;

/// <summary>The connections of one server that nobody has taken yet. Of too many the oldest goes: the server closed it
/// most likely.</summary>
internal sealed class ReverseQueue : IDisposable
{
    private const int Most = 4;

    private readonly Channel<ReverseConnection> waiting =
        System.Threading.Channels.Channel.CreateBounded<ReverseConnection>(
            new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest },
            static dropped => dropped.Socket.Dispose());

    public void Add(ReverseConnection connection)
    {
        if (!waiting.Writer.TryWrite(connection)) connection.Socket.Dispose();
    }

    public async Task<ReverseConnection> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var connection = await waiting.Reader.ReadAsync(cancellation);
            if (connection.IsWaiting) return connection;
            connection.Socket.Dispose();
        }
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        while (waiting.Reader.TryRead(out var connection)) connection.Socket.Dispose();
    }
}
