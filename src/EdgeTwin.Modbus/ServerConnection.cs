namespace EdgeTwin.Modbus;

/// <summary>
/// One client of the server: reads what is there, answers all whole requests in order, sends the answers in one write.
/// Both buffers are of fixed size, so a client can cost no more than its connection.
/// </summary>
internal sealed class ServerConnection(Stream stream, ServerSession session, TimeSpan idleTimeout, TimeProvider time,
    Action answered)
{
    private readonly byte[] input = new byte[4 * MbapHeader.LongestMessage];
    private readonly byte[] output = new byte[4 * MbapHeader.LongestMessage];
    private int inputEnd;
    private int outputEnd;
    private volatile bool idle;
    private long lastRequest;

    /// <summary>Serves until the client goes, misbehaves, idles, or the stream is disposed.</summary>
    public async Task<ServerConnectionEnd> RunAsync()
    {
        lastRequest = time.GetTimestamp();
        await using var timer = time.CreateTimer(CloseWhenIdle, null, idleTimeout / 4, idleTimeout / 4);
        try
        {
            while (true)
            {
                var read = await stream.ReadAsync(input.AsMemory(inputEnd));
                if (read == 0) return ServerConnectionEnd.Closed;
                inputEnd += read;
                await AnswerAllAsync();
            }
        }
        catch (ModbusException)
        {
            return ServerConnectionEnd.Broken;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return idle ? ServerConnectionEnd.Idle : ServerConnectionEnd.Closed;
        }
    }

    private async ValueTask AnswerAllAsync()
    {
        var start = 0;
        while (MbapHeader.TryRead(input.AsSpan(start, inputEnd - start), out var header))
        {
            if (output.Length - outputEnd < MbapHeader.LongestMessage) await FlushAsync();
            Answer(header, input.AsMemory(start + MbapHeader.Bytes, header.PduBytes));
            start += header.MessageBytes;
        }

        input.AsSpan(start, inputEnd - start).CopyTo(input);
        inputEnd -= start;
        if (outputEnd > 0) await FlushAsync();
    }

    private void Answer(MbapHeader request, ReadOnlyMemory<byte> pdu)
    {
        Volatile.Write(ref lastRequest, time.GetTimestamp());
        var message = output.AsSpan(outputEnd);
        var writer = new PduWriter(message[MbapHeader.Bytes..]);
        session.Answer(request.Unit, pdu, ref writer);
        var header = request with { PduBytes = writer.Length };
        header.Write(message);
        outputEnd += header.MessageBytes;
        answered();
    }

    private async ValueTask FlushAsync()
    {
        await stream.WriteAsync(output.AsMemory(0, outputEnd));
        outputEnd = 0;
    }

    private void CloseWhenIdle(object? state)
    {
        if (time.GetElapsedTime(Volatile.Read(ref lastRequest)) < idleTimeout) return;
        idle = true;
        stream.Dispose();
    }
}
