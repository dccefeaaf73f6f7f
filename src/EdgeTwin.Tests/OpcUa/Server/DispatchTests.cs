using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Every failure of a request is a ServiceFault with the right code, and nothing else (OPC 10000-4
/// §5.3).</summary>
public class DispatchTests
{
    private const int ServiceFailed = 2055;
    private static readonly StatusCode Good = StatusCodes.Good;

    [Fact]
    public async Task A_service_that_there_is_not_is_unsupported_and_the_handle_is_echoed()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var request = new QueryFirstRequest { RequestHeader = new RequestHeader { RequestHandle = 77 } };
        var answer = Assert.IsType<ServiceFault>(await connection.AskAsync(request));
        Assert.Equal(new StatusCode(StatusCodes.BadServiceUnsupported), answer.ResponseHeader.ServiceResult);
        Assert.Equal(77u, answer.ResponseHeader.RequestHandle);
        Assert.Equal(rig.Time.UtcNow, answer.ResponseHeader.Timestamp);
    }

    [Fact]
    public async Task Registering_servers_and_browsing_the_network_are_for_discovery_servers()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var unsupported = new StatusCode(StatusCodes.BadServiceUnsupported);
        Assert.Equal(unsupported, await connection.ResultAsync(new RegisterServerRequest()));
        Assert.Equal(unsupported, await connection.ResultAsync(new RegisterServer2Request()));
        Assert.Equal(unsupported, await connection.ResultAsync(new FindServersOnNetworkRequest()));
    }

    /// <summary>Any prefix of a request: the rest of it is missing.</summary>
    [Fact]
    public async Task A_request_that_is_cut_off_is_a_decoding_error_and_the_next_one_is_served()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        using var buffer = MessageBuffer.Rent(10_000);
        EdgeTwin.OpcUa.Channel.MessageBody.Write(buffer, TestSession.CreateRequest(connection));
        var whole = buffer.Written.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            var answer = await connection.AnswerAsync(connection.Send(whole.AsSpan(0, length)));
            Assert.True(answer.ResponseHeader.ServiceResult == StatusCodes.BadDecodingError,
                $"{length} bytes: {answer.ResponseHeader.ServiceResult}");
        }

        Assert.Equal(0, rig.Sessions.Table.Count);
        Assert.Equal(Good, (await connection.AnswerAsync(connection.Send(whole))).ResponseHeader.ServiceResult);
    }

    [Fact]
    public async Task A_handler_that_fails_is_an_internal_error_logged_once()
    {
        await using var rig = new ServerRig { Handler = static _ => throw new InvalidOperationException("a bug") };
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(new StatusCode(StatusCodes.BadInternalError),
                await connection.ResultAsync(new CallRequest { RequestHeader = session.Header() }));
        }

        Assert.Equal(1, rig.Log.Count(ServiceFailed));
        Assert.Equal(5, rig.Failures.Count);
        Assert.Equal(Good, await session.ReadAsync(connection));
    }

    [Fact]
    public async Task A_response_larger_than_the_client_takes_is_a_fault_and_the_session_goes_on()
    {
        await using var rig = new ServerRig { ReadBytes = 5000 };
        var connection = rig.Connect();
        var created = await connection.AskAsync<CreateSessionResponse>(
            new CreateSessionRequest { RequestedSessionTimeout = 60_000, MaxResponseMessageSize = 4000 });
        var session = new TestSession(created);
        Assert.Equal(Good, await session.ActivateAsync(connection));
        Assert.Equal(new StatusCode(StatusCodes.BadResponseTooLarge), await session.ReadAsync(connection));
        rig.ReadBytes = 100;
        Assert.Equal(Good, await session.ReadAsync(connection));
    }

    [Fact]
    public async Task A_response_larger_than_the_channel_takes_is_a_fault()
    {
        await using var rig = new ServerRig { ReadBytes = 50_000 };
        var connection = rig.Connect(limit: 20_000);
        var session = await TestSession.OpenAsync(connection);
        Assert.Equal(new StatusCode(StatusCodes.BadResponseTooLarge), await session.ReadAsync(connection));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_messages_are_answered_with_declared_errors(int seed)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        var random = new Random(seed);
        using var buffer = MessageBuffer.Rent(10_000);
        EdgeTwin.OpcUa.Channel.MessageBody.Write(buffer, session.ActivateRequest(connection, new X509IdentityToken()));
        var message = buffer.Written.ToArray();
        for (var i = 0; i < 5000; i++)
        {
            var mutated = message.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            var answer = await connection.AnswerAsync(connection.Send(mutated));
            Assert.NotEqual(new StatusCode(StatusCodes.BadInternalError), answer.ResponseHeader.ServiceResult);
        }

        Assert.Equal(0, rig.Failures.Count);
    }
}
