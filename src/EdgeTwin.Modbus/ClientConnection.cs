using System.Runtime.CompilerServices;

namespace EdgeTwin.Modbus;

/// <summary>
/// Carries a <see cref="ClientSession"/> over a stream: the only awaiter. One loop reads; callers write one after
/// another. A request may be cancelled before its first byte leaves and while it waits for its answer; one that stalls
/// half sent takes the connection with it, because the device could not find the next message.
/// </summary>
internal sealed class ClientConnection : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim permits;
    private readonly SemaphoreSlim sending = new(1);
    private readonly Lock gate = new();          // guards session, pending, free and closedBy; never held over an await
    private readonly ClientSession session;
    private readonly PendingRequest[] pending;
    private readonly Stack<int> free = new();
    private readonly Task reading;
    private Exception? closedBy;

    public ClientConnection(Stream stream, ModbusClientOptions options, TimeProvider time)
    {
        this.stream = stream;
        this.time = time;
        timeout = options.Timeout;
        permits = new SemaphoreSlim(options.Outstanding);
        session = new ClientSession(options.Outstanding);
        pending = new PendingRequest[options.Outstanding];
        for (var slot = options.Outstanding - 1; slot >= 0; slot--)
        {
            pending[slot] = new PendingRequest(slot, Expire, time);
            free.Push(slot);
        }

        reading = ReadAsync();
    }

    public ModbusClientCounters Counters
    {
        get
        {
            lock (gate) return session.Counters;
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (gate) return closedBy is not null;
        }
    }

    /// <summary>Sends a request and waits; the data of the answer lies in <paramref name="answer"/>, its length is
    /// returned.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(
        byte unit, ModbusRequest request, Memory<byte> answer, CancellationToken cancellation)
    {
        if (answer.Length < request.AnswerBytes)
            throw new ArgumentException($"the answer has {request.AnswerBytes} bytes, room is for {answer.Length}",
                nameof(answer));
        await permits.WaitAsync(cancellation);
        PendingRequest? mine = null;
        try
        {
            await sending.WaitAsync(cancellation);
            try
            {
                mine = Begin(unit, request, answer, out var message);
                await WriteAsync(message);
                lock (gate) mine.IsSending = false;
            }
            finally
            {
                sending.Release();
            }

            await using var registration = cancellation.UnsafeRegister(CancelWaiting, mine);
            return await mine.Completion;
        }
        finally
        {
            if (mine is not null)
            {
                lock (gate) free.Push(mine.Slot);
            }

            permits.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Close(new ObjectDisposedException(nameof(ModbusClient), "the client was closed"));
        await reading;
        foreach (var request in pending) request.Dispose();
        await stream.DisposeAsync();
    }

    private PendingRequest Begin(byte unit, in ModbusRequest request, Memory<byte> answer, out Memory<byte> message)
    {
        lock (gate)
        {
            if (closedBy is not null) throw new IOException("the connection is closed: " + closedBy.Message, closedBy);
            var mine = pending[free.Pop()];
            mine.Begin(answer, timeout);
            message = mine.Message.AsMemory(0, session.Begin(mine.Slot, unit, request, mine.Message));
            return mine;
        }
    }

    /// <summary>Errors close the connection; the request then fails like all others that wait.</summary>
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> message)
    {
        try
        {
            await stream.WriteAsync(message, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Close(e);
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4 * MbapHeader.LongestMessage];
        var end = 0;
        try
        {
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(end), CancellationToken.None);
                if (read == 0) throw new EndOfStreamException("the device closed the connection");
                end += read;
                var consumed = Receive(buffer.AsSpan(0, end));
                buffer.AsSpan(consumed, end - consumed).CopyTo(buffer);
                end -= consumed;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or ModbusException)
        {
            Close(e);
        }
    }

    private int Receive(ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (true)
        {
            PendingRequest? answered = null;
            Exception? failure = null;
            var length = 0;
            lock (gate)
            {
                var message = bytes[consumed..];
                var received = session.Receive(message);
                if (received.Consumed == 0) return consumed;
                consumed += received.Consumed;
                if (received.Slot >= 0)
                {
                    answered = pending[received.Slot];
                    answered.End();
                    length = Complete(answered, message[..received.Consumed], out failure);
                }
            }

            // The awaiter runs right here, on the loop that read the answer: no thread hop between wire and sample.
            if (failure is not null) answered?.Fail(failure);
            else answered?.Succeed(length);
        }
    }

    private int Complete(PendingRequest answered, ReadOnlySpan<byte> message, out Exception? failure)
    {
        failure = null;
        try
        {
            var data = session.Complete(answered.Slot, message);
            data.CopyTo(answered.Answer.Span);
            return data.Length;
        }
        catch (ModbusException e)
        {
            failure = e;
            return 0;
        }
    }

    private void Expire(object? slot)
    {
        var expired = pending[(int)slot!];
        bool halfSent;
        lock (gate)
        {
            // The timer may have fired for an earlier request of the same slot, or a little early: it counts coarser
            // ticks.
            if (!expired.IsWaiting || expired.IsRearmed()) return;
            halfSent = expired.IsSending;
            expired.End();
            session.Abandon(expired.Slot, timedOut: true);
        }

        var cause = new TimeoutException($"no answer within {timeout.TotalMilliseconds:0} ms");
        if (halfSent) Close(cause);
        expired.Fail(cause);
    }

    private void CancelWaiting(object? request, CancellationToken cancellation)
    {
        var cancelled = (PendingRequest)request!;
        lock (gate)
        {
            if (!cancelled.IsWaiting) return;
            cancelled.End();
            session.Abandon(cancelled.Slot, timedOut: false);
        }

        cancelled.Fail(new OperationCanceledException(cancellation));
    }

    private void Close(Exception cause)
    {
        var failed = new List<PendingRequest>();
        lock (gate)
        {
            if (closedBy is not null) return;
            closedBy = cause;
            foreach (var request in pending.Where(request => request.IsWaiting))
            {
                request.End();
                failed.Add(request);
            }
        }

        stream.Dispose();
        foreach (var request in failed) request.Fail(cause is ModbusException ? cause
            : new IOException(cause.Message, cause));
    }
}
