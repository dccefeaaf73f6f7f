using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Subscriptions;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>The session service set (OPC 10000-4 §5.7): create, activate, close, cancel.</summary>
internal sealed class SessionService(
    SessionCreation creation, SessionActivation activation, SessionManager sessions,
    SubscriptionManager subscriptions, TimeProvider time)
{
    public void Register(ServiceTable services)
    {
        services.AddSessionless<CreateSessionRequest>(CreateSessionRequest.EncodingId, "CreateSession", Create);
        services.AddForSessionItself<ActivateSessionRequest>(
            ActivateSessionRequest.EncodingId, "ActivateSession", activation.ActivateAsync);
        services.AddForSessionItself<CloseSessionRequest>(CloseSessionRequest.EncodingId, "CloseSession", Close);
        services.Add<CancelRequest>(CancelRequest.EncodingId, "Cancel", Cancel);
    }

    private IServiceResponse Create(CreateSessionRequest request, IServerConnection connection)
    {
        Session? dropped = null;
        try
        {
            var now = time.GetElapsedTime(0, time.GetTimestamp()).Ticks;
            var response = creation.Create(request, connection, now, time.GetUtcNow().UtcDateTime, out dropped);
            sessions.Created();
            return response;
        }
        catch (OpcUaException e)
        {
            sessions.Rejected(e.Status);
            throw;
        }
        finally
        {
            if (dropped is not null) sessions.Close(dropped, deleteSubscriptions: true, StatusCodes.BadTimeout);
        }
    }

    /// <summary>§5.7.4. Over the session's own channel only; also before the activation.</summary>
    private ValueTask<IServiceResponse> Close(CloseSessionRequest request, RequestContext context)
    {
        if (!ReferenceEquals(context.Session.Connection, context.Connection))
            throw new OpcUaException(StatusCodes.BadSecureChannelIdInvalid, "the session is bound to another channel");
        sessions.Close(context.Session, request.DeleteSubscriptions, StatusCodes.Good);
        return new ValueTask<IServiceResponse>(new CloseSessionResponse());
    }

    /// <summary>§5.7.5.</summary>
    private ValueTask<IServiceResponse> Cancel(CancelRequest request, RequestContext context)
    {
        var waiting = (uint)subscriptions.Of(context.Session).Cancel(request.RequestHandle);
        return new ValueTask<IServiceResponse>(new CancelResponse
        {
            CancelCount = waiting + context.Session.Pending.Cancel(request.RequestHandle),
        });
    }
}
