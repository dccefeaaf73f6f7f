using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Leads each request to its service and each failure to a ServiceFault. A request is served on the receive
/// loop of its
/// connection, in order; what goes on asynchronously is held by its session.</summary>
internal sealed class RequestDispatcher(
    ServiceTable services, SessionManager sessions, EncodingLimits limits, TimeProvider time, FailureLog failures)
    : IServerConnectionHandler
{
    private readonly AsyncCompletion completion = new(failures, time);

    /// <inheritdoc/>
    public void OnOpened(ServerConnection connection)
    {
        // Sessions begin with their own service.
    }

    /// <inheritdoc/>
    public void OnRequest(ServerConnection connection, uint requestId, ReadOnlySpan<byte> message) =>
        Handle(connection, requestId, message);

    /// <inheritdoc/>
    public void OnClosed(ServerConnection connection, StatusCode reason) => sessions.OnConnectionClosed(connection);

    /// <summary>Serves one request; every failure is answered.</summary>
    internal void Handle(IServerConnection connection, uint requestId, ReadOnlySpan<byte> message)
    {
        uint handle = 0;
        Session? session = null;
        ServiceEntry? service = null;
        StatusCode fault;
        try
        {
            Serve(connection, requestId, message, ref handle, ref session, ref service);
            return;
        }
        catch (OpcUaException e)
        {
            fault = e.Status;
        }
        // The boundary of a request: whatever a service or a handler of the application throws ends this request only.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            failures.Add(service?.Name ?? "dispatch", e);
            fault = StatusCodes.BadInternalError;
        }

        failures.Rejected(fault);
        if (service is not null) session?.Counters.CountError(service.Counter);
        Answers.SendFault(connection, requestId, handle, time.GetUtcNow().UtcDateTime, fault);
    }

    private void Serve(IServerConnection connection, uint requestId, ReadOnlySpan<byte> message, ref uint handle,
        ref Session? session, ref ServiceEntry? service)
    {
        var reader = new UaReader(message, limits);
        var typeId = MessageBody.ReadTypeId(ref reader);
        var body = message[reader.Position..];
        var head = RequestHead.Read(ref reader, ref handle);
        service = services.Find(typeId)
            ?? throw new OpcUaException(StatusCodes.BadServiceUnsupported, $"there is no service for i={typeId}");
        var utcNow = time.GetUtcNow().UtcDateTime;
        if (service.Sessionless is { } sessionless)
        {
            var whole = new UaReader(body, limits);
            Answers.Send(connection, requestId, handle, utcNow, sessionless(service.Decode!(ref whole), connection), 0);
            return;
        }

        session = SessionOf(head, connection, service);
        var now = time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
        if (session.IsActivated) session.Touch(now, utcNow);
        session.Counters.Count(service.Counter);
        if (service.MayGoOn && session.Pending.IsFull)
            throw new OpcUaException(StatusCodes.BadTooManyOperations, "too many requests are under way");
        var context = new RequestContext
        {
            Session = session,
            Connection = connection,
            RequestId = requestId,
            RequestHandle = handle,
            TimeoutHint = head.TimeoutHint,
            ReturnDiagnostics = head.ReturnDiagnostics,
            AuditEntryId = head.AuditEntryId,
            UtcNow = utcNow,
            Timestamp = now,
        };
        if (service.Inline is not null) RunInline(service, context, ref reader);
        else if (service.Deferred is { } deferred) deferred(ref reader, context);
        else RunTyped(service, context, body);
    }

    private Session SessionOf(in RequestHead head, IServerConnection connection, ServiceEntry service)
    {
        var session = head.HasToken ? sessions.Table.Find(head.Token) : null;
        if (session is null || session.IsClosed)
            throw new OpcUaException(StatusCodes.BadSessionIdInvalid, "no session has that token");
        if (service.IsForSessionItself) return session;
        if (!ReferenceEquals(session.Connection, connection))
            throw new OpcUaException(StatusCodes.BadSecureChannelIdInvalid, "the session is bound to another channel");
        if (session.IsActivated) return session;
        // OPC 10000-4 §5.7.3: used before its activation, a session is closed.
        session.Counters.CountUnauthorized();
        sessions.Close(session, deleteSubscriptions: true, StatusCodes.BadSessionNotActivated);
        throw new OpcUaException(StatusCodes.BadSessionNotActivated, "the session is not activated");
    }

    private void RunInline(ServiceEntry service, RequestContext context, ref UaReader reader)
    {
        var buffer = context.Connection.RentBuffer();
        var writer = new UaWriter(buffer);
        Task<IServiceResponse>? later;
        try
        {
            ResponseHead.Write(writer, service.ResponseId, context.RequestHandle, context.UtcNow);
            later = service.Inline!(ref reader, context, ref writer);
            if (later is null) Answers.RequireFits(context.Session, buffer);
        }
        catch (OpcUaException e) when (buffer.HasOverflowed && e.Status == StatusCodes.BadEncodingLimitsExceeded)
        {
            buffer.Dispose();
            throw new OpcUaException(StatusCodes.BadResponseTooLarge, "the response is larger than the client takes",
                e);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        if (later is null)
        {
            context.Connection.Send(context.RequestId, buffer);
            return;
        }

        buffer.Dispose();
        completion.Hold(context, service, later);
    }

    private void RunTyped(ServiceEntry service, RequestContext context, ReadOnlySpan<byte> body)
    {
        var whole = new UaReader(body, limits);
        var answer = service.Typed!(service.Decode!(ref whole), context);
        if (answer.IsCompleted) Answers.Send(context, answer.GetAwaiter().GetResult());
        else completion.Hold(context, service, answer.AsTask());
    }
}
