using System.Buffers;
using System.Net.Sockets;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// What waits to be sent on one connection, in pooled segments of the size of a chunk. Whoever writes sends at once, on
/// its own thread, as long as the socket takes it; only when the socket would block does a task carry on. Nobody waits
/// here but the connection's own receive loop (<see cref="DrainedAsync"/>), so a peer that does not read holds up
/// nobody else.
/// </summary>
internal sealed class SendQueue : IChunkSink, IAsyncDisposable
{
    // The most segments that a writer sends itself before a task takes over.
    private const int MostInline = 8;

    private readonly Socket socket;
    private readonly ChannelLimits limits;
    private readonly TimeProvider time;
    private readonly Queue<Segment> segments = new();
    private Segment? tail;
    private Segment? spare;
    private int segmentSize = ChannelLimits.SmallestBuffer;
    private TaskCompletionSource? drained;
    private TaskCompletionSource? idle;
    private Task carrying = Task.CompletedTask;
    private Segment? current;                    // of whoever pumps
    private long blockedSince = long.MaxValue;   // ticks of monotonic time
    private int corkedBy;                        // id of the thread whose writes wait for Uncork
    private int pending;
    private bool pumping;
    private bool finishing;
    private bool broken;

    public SendQueue(Socket socket, ChannelLimits limits, TimeProvider time) =>
        (this.socket, this.limits, this.time) = (socket, limits, time);

    /// <summary>Guards every field here, and the sending half of the channel.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes written and not yet taken by the socket.</summary>
    public int PendingBytes => Volatile.Read(ref pending);

    public bool IsCongested => PendingBytes > limits.SendQueueMark;

    /// <summary>Whether nothing more can be written; asked under the gate.</summary>
    public bool IsFinished => finishing || broken;

    /// <summary>Since when the socket has taken nothing, in monotonic time; null while it takes all.</summary>
    public TimeSpan? BlockedSince =>
        Volatile.Read(ref blockedSince) is var ticks && ticks == long.MaxValue ? null : TimeSpan.FromTicks(ticks);

    /// <summary>Sets the size of the largest chunk, once it is agreed.</summary>
    public void SetSegmentSize(int size)
    {
        lock (Gate)
        {
            segmentSize = size;
            tail = null;
        }
    }

    public ArraySegment<byte> Reserve(int size)
    {
        if (IsFinished) throw new OpcUaException(StatusCodes.BadConnectionClosed, "the connection is being closed");
        if (tail is null || tail.Bytes.Length - tail.Length < size)
        {
            tail = spare ?? new Segment();
            spare = null;
            tail.Open(Math.Max(size, segmentSize));
            segments.Enqueue(tail);
        }

        var chunk = new ArraySegment<byte>(tail.Bytes, tail.Length, size);
        tail.Length += size;
        Volatile.Write(ref pending, pending + size);
        return chunk;
    }

    /// <summary>What this thread writes from now on waits for <see cref="Uncork"/>: the answers to requests that came
    /// together leave together.</summary>
    public void Cork() => Volatile.Write(ref corkedBy, Environment.CurrentManagedThreadId);

    public void Uncork()
    {
        Volatile.Write(ref corkedBy, 0);
        Flush();
    }

    /// <summary>Sends what waits, unless this thread has corked it. Called outside the gate.</summary>
    public void Flush()
    {
        if (Volatile.Read(ref corkedBy) != Environment.CurrentManagedThreadId) FlushNow();
    }

    public void FlushNow()
    {
        lock (Gate)
        {
            if (pumping || broken || (segments.Count == 0 && !finishing)) return;
            pumping = true;
        }

        Pump();
    }

    /// <summary>Takes nothing more, and ends the sending half of the connection once the rest is sent.</summary>
    public void Finish()
    {
        lock (Gate) finishing = true;
        FlushNow();
    }

    /// <summary>Completes when the queue is below its mark again, or given up.</summary>
    public Task DrainedAsync()
    {
        lock (Gate)
        {
            if (broken || pending <= limits.SendQueueMark) return Task.CompletedTask;
            drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return drained.Task;
        }
    }

    /// <summary>Gives up what waits. The socket is closed by its owner, before or after.</summary>
    public void Break()
    {
        lock (Gate)
        {
            broken = true;
            drained?.TrySetResult();
            ReleaseAll(); // what is being sent belongs to the pump
        }
    }

    /// <summary>Waits until nobody uses the socket or the segments any more. The socket is closed before.</summary>
    public async ValueTask DisposeAsync()
    {
        Break();
        lock (Gate)
        {
            if (!pumping) return;
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await idle.Task;
        await carrying;
    }

    // Only one at a time pumps: whoever set the flag.
    private void Pump()
    {
        try
        {
            for (var inline = 0; TryTake(out var rest); inline++)
            {
                var sent = socket.SendAsync(rest, SocketFlags.None);
                if (!sent.IsCompleted || inline == MostInline)
                {
                    carrying = CarryAsync(sent);
                    return;
                }

#pragma warning disable VSTHRD002 // it has completed
                Advance(sent.GetAwaiter().GetResult());
#pragma warning restore VSTHRD002
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Fail();
        }
    }

    private async Task CarryAsync(ValueTask<int> sent)
    {
        try
        {
            // The writer has done its share; it may be the loop that serves all others.
            if (sent.IsCompleted) await Task.Yield();
            while (true)
            {
                Volatile.Write(ref blockedSince, time.Monotonic().Ticks);
                Advance(await sent);
                Volatile.Write(ref blockedSince, long.MaxValue);
                if (!TryTake(out var rest)) return;
                sent = socket.SendAsync(rest, SocketFlags.None);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Fail();
        }
    }

    // False when there is nothing to send: then this pump has ended.
    private bool TryTake(out ReadOnlyMemory<byte> rest)
    {
        rest = default;
        bool shutdown;
        lock (Gate)
        {
            if (broken)
            {
                current?.Close();
                current = null;
                ReleaseAll();
            }
            else if (current is not null || segments.TryDequeue(out current))
            {
                if (current == tail) tail = null;
                rest = current.Rest;
                return true;
            }

            shutdown = finishing && !broken;
            EndPump();
        }

        if (shutdown) ShutDown();
        return false;
    }

    private void Advance(int count)
    {
        lock (Gate)
        {
            current!.Sent += count;
            if (broken) return;
            Volatile.Write(ref pending, pending - count);
            if (current.Sent == current.Length)
            {
                current.Close();
                spare ??= current;
                current = null;
            }

            if (drained is null || pending > limits.SendQueueMark / 2) return;
            drained.TrySetResult();
            drained = null;
        }
    }

    private void Fail()
    {
        lock (Gate)
        {
            broken = true;
            drained?.TrySetResult();
            current?.Close();
            current = null;
            ReleaseAll();
            EndPump();
        }

        socket.Dispose();
    }

    private void EndPump()
    {
        pumping = false;
        idle?.TrySetResult();
    }

    private void ShutDown()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Break(); // the peer was faster
        }
    }

    private void ReleaseAll()
    {
        while (segments.TryDequeue(out var segment)) segment.Close();
        tail = null;
        Volatile.Write(ref pending, 0);
    }

    private sealed class Segment
    {
        public byte[] Bytes { get; private set; } = [];

        public int Length { get; set; }

        public int Sent { get; set; }

        public ReadOnlyMemory<byte> Rest => Bytes.AsMemory(Sent, Length - Sent);

        public void Open(int size)
        {
            Bytes = ArrayPool<byte>.Shared.Rent(size);
            Length = Sent = 0;
        }

        public void Close()
        {
            if (Bytes.Length > 0) ArrayPool<byte>.Shared.Return(Bytes);
            Bytes = [];
        }
    }
}
