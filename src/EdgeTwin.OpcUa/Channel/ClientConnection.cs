using System.Net.Sockets;
using System.Runtime.CompilerServices;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// A client's channel over a socket: requests go out from any thread, one loop receives and gives each answer to who
/// waits for it. The channel is renewed by itself. Once closed it stays closed; whoever wants to go on opens another.
/// </summary>
public sealed class ClientConnection : IClientPhaseEvents, IAsyncDisposable
{
    private const int DefaultPort = 4840;
    private const int MostOutstanding = 4096;

    private readonly Socket socket;
    private readonly ClientConnectionOptions options;
    private readonly TimeProvider time;
    private readonly SendQueue output;
    private readonly FrameBuffer input;
    private readonly PendingRequests pending;
    private readonly SemaphoreSlim permits;
    private readonly PeerCertificate? server;
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<StatusCode> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Alarm alarm;
    private ClientPhase phase;
    private SecureChannel? channel;
    private ClientOpening? opening;
    private ChannelInfo? info;
    private MessageBuffer? spare;
    private int maxRequestSize;
    private long renewalDueAt = long.MaxValue;
    private int closing;
    private Task running = Task.CompletedTask;

    private ClientConnection(
        Socket socket, string endpointUrl, ClientSecurity security, PeerCertificate? server,
        ClientConnectionOptions options, TimeProvider time)
    {
        (this.socket, this.options, this.time, this.server) = (socket, options, time, server);
        output = new SendQueue(socket, options.Limits, time);
        input = new FrameBuffer(options.Limits.ReceiveBufferSize);
        pending = new PendingRequests(options.Outstanding, options.InlineContinuations);
        permits = new SemaphoreSlim(options.Outstanding);
        maxRequestSize = options.Limits.MaxMessageSize;
        alarm = new Alarm(time, OnAlarm);
        phase = new ClientHelloPhase(new ClientPhaseContext(
            output, this, security, server, options.Limits, new MemoryBudget(long.MaxValue), endpointUrl, time));
    }

    /// <summary>What was agreed when the channel was opened.</summary>
    public ChannelInfo Channel => info!;

    /// <summary>Completes when the connection has ended, with the reason; Good when it was disposed.</summary>
    public Task<StatusCode> Closed => closed.Task;

    /// <summary>Whether requests can be sent.</summary>
    public bool IsOpen => Volatile.Read(ref closing) == 0;

    /// <summary>Dials a server and opens a channel.</summary>
    /// <param name="endpoint">The endpoint's URL, <c>opc.tcp://host:port/path</c>; without a port 4840.</param>
    /// <param name="security">How the channel is secured.</param>
    /// <param name="options">Limits and time-outs.</param>
    /// <param name="time">Clock of time-outs and renewals.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OpcUaException">The server cannot be reached (<c>BadConnectionRejected</c>), does not answer in
    /// time (<c>BadTimeout</c>), or refuses, with its code.</exception>
    public static async Task<ClientConnection> ConnectAsync(
        Uri endpoint, ClientSecurity security, ClientConnectionOptions options, TimeProvider time,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var dialled = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await dialled.ConnectAsync(endpoint.Host, endpoint.Port < 0 ? DefaultPort : endpoint.Port, either.Token);
            return await OpenAsync(dialled, endpoint.OriginalString, security, options, time, either.Token);
        }
        catch (SocketException e)
        {
            dialled.Dispose();
            throw new OpcUaException(StatusCodes.BadConnectionRejected,
                $"no connection to {endpoint.Authority}: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            dialled.Dispose();
            throw new OpcUaException(StatusCodes.BadTimeout,
                $"{endpoint.Authority} did not open a channel within {options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch
        {
            dialled.Dispose();
            throw;
        }
    }

    /// <summary>A buffer for a request, as large as the server takes; given back by <see cref="RequestAsync"/>, or
    /// disposed.</summary>
    public MessageBuffer RentBuffer() => Interlocked.Exchange(ref spare, null) ?? MessageBuffer.Rent(maxRequestSize);

    /// <summary>Sends a request as bytes, takes its buffer, and waits for the answer.</summary>
    /// <param name="request">Id of the encoding and the fields.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <param name="cancellation">Stops waiting; the answer is dropped when it comes.</param>
    /// <returns>The answer, to be disposed.</returns>
    /// <exception cref="OpcUaException"><c>BadRequestTimeout</c>, <c>BadRequestTooLarge</c>, or why the connection
    /// ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedMessage> RequestAsync(
        MessageBuffer request, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            await permits.WaitAsync(cancellation);
        }
        catch
        {
            request.Dispose();
            throw;
        }

        try
        {
            if (output.IsCongested) await output.DrainedAsync();
            var dueAt = time.Monotonic() + timeout;
            var mine = pending.Begin(dueAt);
            try
            {
                Write(mine.Id, request);
                alarm.Set(dueAt);
                if (!cancellation.CanBeCanceled) return await mine.Completion;
                var id = mine.Id;
                await using var registration = cancellation.UnsafeRegister(
                    static (state, token) => ((Waiting)state!).Cancel(token), new Waiting(pending, mine, id));
                return await mine.Completion;
            }
            finally
            {
                pending.End(mine);
            }
        }
        finally
        {
            permits.Release();
        }
    }

    /// <summary>Sends a request and decodes the answer.</summary>
    /// <exception cref="OpcUaException">As <see cref="RequestAsync"/>; the code of a service fault; or
    /// <c>BadUnknownResponse</c> when the answer is of another service.</exception>
    public async ValueTask<TResponse> SendAsync<TRequest, TResponse>(
        TRequest request, TimeSpan timeout, CancellationToken cancellation)
        where TRequest : IServiceRequest
        where TResponse : IServiceResponse, IStructure<TResponse>
    {
        var buffer = RentBuffer();
        try
        {
            MessageBody.Write(buffer, request);
        }
        catch (OpcUaException e) when (e.Status == StatusCodes.BadEncodingLimitsExceeded)
        {
            buffer.Dispose();
            throw new OpcUaException(StatusCodes.BadRequestTooLarge, "the server takes no request so large", e);
        }

        using var answer = await RequestAsync(buffer, timeout, cancellation);
        return ResponseReader.Read<TResponse>(answer.Body, options.Encoding);
    }

    /// <summary>Closes the channel and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (BeginClosing(new OpcUaException(StatusCodes.BadConnectionClosed, "the connection was closed here"),
            StatusCodes.Good))
            SayClose();
        socket.Dispose();
        await running;
    }

    internal static async Task<ClientConnection> OpenAsync(
        Socket socket, string endpointUrl, ClientSecurity security, ClientConnectionOptions options, TimeProvider time,
        CancellationToken cancellation)
    {
        ClientSecurity.Validate(security);
        if (options.Outstanding is < 1 or > MostOutstanding)
            throw new ArgumentException($"{options.Outstanding} outstanding requests; 1 to 4096 are allowed",
                nameof(options));
        var peer = security.ServerCertificate is { } der ? PeerCertificate.Read(der, security.Policy) : null;
        var connection = new ClientConnection(socket, endpointUrl, security, peer, options, time);
        connection.running = connection.RunAsync();
        try
        {
            await connection.opened.Task.WaitAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    void IClientPhaseEvents.OnNegotiated(in TransportLimits limits)
    {
        output.SetSegmentSize(limits.SendBufferSize);
        maxRequestSize = limits.MaxSendMessageSize;
    }

    void IClientPhaseEvents.OnOpened(SecureChannel openedChannel, ClientOpening renewing, ChannelInfo agreed)
    {
        info = agreed;
        opening = renewing;
        lock (output.Gate) channel = openedChannel;
        alarm.Set(renewing.RenewAt);
        opened.TrySetResult();
    }

    void IClientPhaseEvents.OnRenewed()
    {
        Volatile.Write(ref renewalDueAt, long.MaxValue);
        alarm.Set(opening!.RenewAt);
    }

    void IClientPhaseEvents.OnResponse(uint requestId, ReadOnlySpan<byte> message) =>
        pending.Take(requestId)?.Succeed(new ReceivedMessage(message));

    void IClientPhaseEvents.OnAborted(uint requestId, in ErrorMessage error) =>
        pending.Take(requestId)?.Fail(
            new OpcUaException(error.Status, error.Reason ?? "the server gave the answer up"));

    private void Write(uint requestId, MessageBuffer request)
    {
        try
        {
            lock (output.Gate)
            {
                if (channel is null || output.IsFinished)
                    throw new OpcUaException(StatusCodes.BadConnectionClosed, "the connection is closed");
                if (!channel.Takes(request.Length))
                    throw new OpcUaException(StatusCodes.BadRequestTooLarge,
                        $"a request of {request.Length} bytes is larger than the server takes");
                channel.Write(output, MessageType.Message, requestId, request.Written);
            }
        }
        finally
        {
            request.Reset();
            Interlocked.Exchange(ref spare, request)?.Dispose();
        }

        output.Flush();
    }

    private async Task RunAsync()
    {
        output.Flush();
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(input.Free(), SocketFlags.None);
                if (count == 0)
                    throw new OpcUaException(StatusCodes.BadConnectionClosed, "the server closed the connection");
                input.Add(count);
                HandleFrames();
            }
        }
        catch (OpcUaException e)
        {
            BeginClosing(e, e.Status);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            BeginClosing(
                new OpcUaException(StatusCodes.BadConnectionClosed, $"the connection broke: {e.Message}", e),
                StatusCodes.BadConnectionClosed);
        }

        socket.Dispose();
        await output.DisposeAsync();
        await alarm.DisposeAsync();
        input.Dispose();
        phase.Dispose();
        server?.Dispose();
        Interlocked.Exchange(ref spare, null)?.Dispose();
    }

    private void HandleFrames()
    {
        output.Cork();
        try
        {
            var now = time.Monotonic();
            while (input.TryTake(phase.MaxFrame, out var frame))
            {
                if (frame.Type == MessageType.Error)
                {
                    var error = ErrorMessage.Read(frame.Span[Frame.HeaderBytes..]);
                    throw new OpcUaException(error.Status, error.Reason ?? "the server closed the connection");
                }

                phase = phase.Receive(frame, now);
            }
        }
        finally
        {
            output.Uncork();
        }
    }

    private bool BeginClosing(OpcUaException cause, StatusCode reason)
    {
        if (Interlocked.Exchange(ref closing, 1) != 0) return false;
        pending.Close(cause);
        opened.TrySetException(cause);
        closed.TrySetResult(reason);
        return true;
    }

    private void SayClose()
    {
        if (info is null) return;
        using var body = MessageBuffer.Rent(4096);
        MessageBody.Write(body, new CloseSecureChannelRequest
        {
            RequestHeader = new RequestHeader { Timestamp = time.GetUtcNow().UtcDateTime },
        });
        lock (output.Gate)
        {
            if (channel is not null && !output.IsFinished)
                channel.Write(output, MessageType.Close, pending.NextFreeId(), body.Written);
        }

        output.Finish();
    }

    private void OnAlarm(TimeSpan now)
    {
        if (!IsOpen) return;
        TimeSpan next;
        while (pending.TakeLate(now, out next) is { } late)
            late.Fail(new OpcUaException(StatusCodes.BadRequestTimeout, "the server did not answer in time"));
        if (output.BlockedSince is { } blocked && now - blocked > options.Limits.SendTimeout)
            Break("the server does not read its requests");
        if (now.Ticks >= Volatile.Read(ref renewalDueAt)) Break("the server does not renew the channel");
        else if (opening is { } renewing && now >= renewing.RenewAt) Renew(renewing, now);
        if (opening is { } watched && watched.RenewAt < next && watched.RenewAt > now) next = watched.RenewAt;
        var due = TimeSpan.FromTicks(Volatile.Read(ref renewalDueAt));
        alarm.Set(due < next ? due : next);
    }

    private void Renew(ClientOpening renewing, TimeSpan now)
    {
        if (Volatile.Read(ref renewalDueAt) != long.MaxValue) return;
        Volatile.Write(ref renewalDueAt, (now + options.Limits.OpenTimeout).Ticks);
        try
        {
            renewing.Request(SecurityTokenRequestType.Renew, pending.NextFreeId());
            output.Flush();
        }
        catch (OpcUaException)
        {
            Break("the connection ended while the channel was being renewed");
        }
    }

    private void Break(string why)
    {
        BeginClosing(new OpcUaException(StatusCodes.BadSecureChannelClosed, why), StatusCodes.BadSecureChannelClosed);
        socket.Dispose();
    }

    private sealed record Waiting(PendingRequests Pending, PendingRequest Request, uint Id)
    {
        public void Cancel(CancellationToken cancellation)
        {
            if (Pending.TryTake(Request, Id)) Request.Fail(new OperationCanceledException(cancellation));
        }
    }
}
