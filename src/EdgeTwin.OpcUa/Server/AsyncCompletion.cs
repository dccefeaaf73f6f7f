using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Answers requests whose handlers go on asynchronously. The client gets its answer as soon as the request
/// is cancelled;
/// the handler, which may heed that late, is held by the session until it is over.</summary>
internal sealed class AsyncCompletion(FailureLog failures, TimeProvider time)
{
    public void Hold(RequestContext context, ServiceEntry service, Task<IServiceResponse> handling)
    {
        var deadline = context.TimeoutHint == 0
            ? long.MaxValue
            : context.Timestamp + (context.TimeoutHint * TimeSpan.TicksPerMillisecond);
        var pending = new PendingRequest(context, deadline);
        context.Session.Pending.Add(pending);
        pending.Finished = FinishAsync(pending, service, handling);

        // It may have ended between the look at it and the addition.
        if (context.Session.IsClosed) context.Cancel(StatusCodes.BadSessionClosed);
    }

    private async Task FinishAsync(PendingRequest pending, ServiceEntry service, Task<IServiceResponse> handling)
    {
        try
        {
            await AnswerAsync(pending.Context, service, handling).ConfigureAwait(false);
            await ((Task)handling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            pending.Context.Session.Pending.Remove(pending);
        }
    }

    private async Task AnswerAsync(RequestContext context, ServiceEntry service, Task<IServiceResponse> handling)
    {
        StatusCode fault;
        try
        {
            Answers.Send(context, await handling.WaitAsync(context.CancellationToken).ConfigureAwait(false));
            return;
        }
        catch (OpcUaException e)
        {
            fault = e.Status;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            fault = context.CancelReason;
        }
        // The boundary of a request, as in the dispatcher.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            failures.Add(service.Name, e);
            fault = StatusCodes.BadInternalError;
        }

        failures.Rejected(fault);
        context.Session.Counters.CountError(service.Counter);
        Answers.SendFault(context.Connection, context.RequestId, context.RequestHandle, time.GetUtcNow().UtcDateTime,
            fault);
    }
}
