using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Requests that go on asynchronously: cancelled, late, too many, left behind.</summary>
public class AsyncRequestTests
{
    [Fact]
    public async Task Cancel_answers_the_requests_with_its_handle()
    {
        await using var rig = new ServerRig { Handler = UntilCancelled };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        var call = connection.Send(new CallRequest { RequestHeader = session.Header(handle: 5) });
        var other = connection.Send(new CallRequest { RequestHeader = session.Header(handle: 6) });
        var answer = await connection.AskAsync<CancelResponse>(
            new CancelRequest { RequestHeader = session.Header(), RequestHandle = 5 });
        Assert.Equal(1u, answer.CancelCount);
        var cancelled = await connection.AnswerAsync(call);
        Assert.Equal(new StatusCode(StatusCodes.BadRequestCancelledByClient), cancelled.ResponseHeader.ServiceResult);
        Assert.Equal(5u, cancelled.ResponseHeader.RequestHandle);
        Assert.False(connection.HasAnswer(other));
    }

    [Fact]
    public async Task A_request_whose_timeout_hint_passes_is_answered()
    {
        await using var rig = new ServerRig { Handler = UntilCancelled };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        var hurried = connection.Send(new CallRequest { RequestHeader = session.Header(timeoutHint: 2000) });
        var patient = connection.Send(new CallRequest { RequestHeader = session.Header() });
        rig.Pass(TimeSpan.FromSeconds(1));
        Assert.False(connection.HasAnswer(hurried));
        rig.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(new StatusCode(StatusCodes.BadTimeout),
            (await connection.AnswerAsync(hurried)).ResponseHeader.ServiceResult);
        Assert.False(connection.HasAnswer(patient));
    }

    [Fact]
    public async Task The_end_of_the_session_ends_its_requests()
    {
        await using var rig = new ServerRig { Handler = UntilCancelled };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        var call = connection.Send(new CallRequest { RequestHeader = session.Header() });
        await connection.AskAsync<CloseSessionResponse>(new CloseSessionRequest { RequestHeader = session.Header() });
        Assert.Equal(new StatusCode(StatusCodes.BadSessionClosed),
            (await connection.AnswerAsync(call)).ResponseHeader.ServiceResult);
    }

    /// <summary>The client is answered though the handler goes on, and the handler is waited for at the server's
    /// end.</summary>
    [Fact]
    public async Task A_handler_that_does_not_heed_its_cancellation_is_held()
    {
        var done = new TaskCompletionSource<IServiceResponse>();
        await using var rig = new ServerRig { Handler = _ => done.Task };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        var call = connection.Send(new CallRequest { RequestHeader = session.Header(timeoutHint: 1000) });
        rig.Pass(TimeSpan.FromSeconds(1));
        await connection.AnswerAsync(call);
        var closing = rig.Sessions.CloseAllAsync();
        Assert.False(closing.IsCompleted);
        done.SetResult(new CallResponse());
        await closing.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task More_than_the_session_may_have_under_way_are_refused_and_others_are_served()
    {
        await using var rig = new ServerRig(
            static o => o with { Sessions = new SessionLimits { MaxAsyncRequests = 3 } })
        { Handler = UntilCancelled };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        for (var i = 0; i < 3; i++) connection.Send(new CallRequest { RequestHeader = session.Header() });
        Assert.Equal(new StatusCode(StatusCodes.BadTooManyOperations),
            await connection.ResultAsync(new CallRequest { RequestHeader = session.Header() }));
        Assert.Equal(new StatusCode(StatusCodes.Good), await session.ReadAsync(connection));
    }

    [Fact]
    public async Task What_fails_later_is_a_fault_with_its_code()
    {
        await using var rig = new ServerRig
        {
            Handler = static async _ =>
            {
                await Task.Yield();
                throw new EdgeTwin.OpcUa.Encoding.OpcUaException(StatusCodes.BadDeviceFailure, "later");
            },
        };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        Assert.Equal(new StatusCode(StatusCodes.BadDeviceFailure),
            await connection.ResultAsync(new CallRequest { RequestHeader = session.Header() }));
    }

    private static async Task<IServiceResponse> UntilCancelled(RequestContext context)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        return new CallResponse();
    }
}
