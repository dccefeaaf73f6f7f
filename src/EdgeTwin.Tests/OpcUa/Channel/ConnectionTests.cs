using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>Client and server over a socket.</summary>
public class ConnectionTests
{
    private static readonly byte[] Small = [1, 0, 119, 2, 1, 2, 3];

    public static TheoryData<string, MessageSecurityMode> All
    {
        get
        {
            var all = new TheoryData<string, MessageSecurityMode> { { "None", MessageSecurityMode.None } };
            foreach (var policy in SecurityPolicy.All.Where(static p => p.IsSecure))
            {
                all.Add(policy.Name, MessageSecurityMode.Sign);
                all.Add(policy.Name, MessageSecurityMode.SignAndEncrypt);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Small_and_large_messages_come_back_with_every_policy_and_mode(
        string name, MessageSecurityMode mode)
    {
        var policy = SecurityPolicy.ByName(name)!;
        await using var server = new EchoServer();
        await using var client = await server.ConnectAsync(server.With(policy, mode));
        Assert.Equal((policy, mode), (client.Channel.Policy, client.Channel.Mode));
        Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
        var large = new byte[1_000_000];
        new Random(1).NextBytes(large);
        Assert.Equal(large, await EchoServer.AskAsync(client, large));
        Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
    }

    /// <summary>A key longer than 2048 bits needs a second byte for the size of the padding.</summary>
    [Theory]
    [InlineData("Basic256Sha256")]
    [InlineData("Aes128_Sha256_RsaOaep")]
    [InlineData("Aes256_Sha256_RsaPss")]
    public async Task Channels_open_with_keys_of_different_lengths(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        await using var server = new EchoServer(certificate: TestServerSecurity.LongRsa);
        await using var client = await server.ConnectAsync(server.With(policy, MessageSecurityMode.SignAndEncrypt));
        Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
        var swapped = server.With(policy, MessageSecurityMode.Sign) with { Own = TestServerSecurity.LongRsa };
        await using var other = await server.ConnectAsync(swapped);
        Assert.Equal(Small, await EchoServer.AskAsync(other, Small));
    }

    [Fact]
    public async Task Many_requests_at_once_get_their_own_answers()
    {
        await using var server = new EchoServer();
        await using var client = await server.ConnectAsync(
            server.With(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt));
        var asked = Enumerable.Range(0, 500).Select(i => new byte[] { 1, 0, (byte)i, (byte)(i >> 8) }).ToArray();
        var answers = await Task.WhenAll(asked.Select(message => EchoServer.AskAsync(client, message)));
        Assert.Equal(asked, answers);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    [InlineData("ECC_nistP256", MessageSecurityMode.SignAndEncrypt)]
    public async Task The_client_renews_its_channel_at_three_quarters_of_the_lifetime(
        string name, MessageSecurityMode mode)
    {
        var time = new ManualTimeProvider();
        await using var server = new EchoServer(time: time);
        await using var client = await server.ConnectAsync(server.With(SecurityPolicy.ByName(name)!, mode));
        var id = client.Channel.Id;
        for (var round = 0; round < 3; round++)
        {
            // The renewal leaves before the request, so it is through when the request is answered.
            time.Advance(new TimeSpan(0, 45, 1));
            Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
            Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
        }

        // 135 minutes after it was opened, a channel of one hour that had not been renewed would be long gone.
        Assert.Equal(id, client.Channel.Id);
        Assert.Equal(0, server.Closed);
    }

    [Fact]
    public async Task A_fault_becomes_an_exception_with_its_code()
    {
        await using var server = new EchoServer();
        server.OnRequest = static (connection, request, _) =>
        {
            var buffer = connection.RentBuffer();
            MessageBody.Write(buffer, new ServiceFault
            {
                ResponseHeader = new ResponseHeader { ServiceResult = StatusCodes.BadServiceUnsupported },
            });
            connection.Send(request, buffer);
        };
        await using var client = await server.ConnectAsync();
        var refused = await Assert.ThrowsAsync<OpcUaException>(async () =>
            await client.SendAsync<FindServersRequest, FindServersResponse>(
                new FindServersRequest(), RealTime.Patience, default));
        Assert.Equal(new StatusCode(StatusCodes.BadServiceUnsupported), refused.Status);
    }

    [Fact]
    public async Task A_response_larger_than_the_client_takes_becomes_a_fault_and_the_channel_stays()
    {
        await using var server = new EchoServer();
        server.OnRequest = static (connection, request, _) => connection.Send(
            request, EchoServer.Buffer(
                connection.RentBuffer(), [1, 0, 42, 1, .. new byte[8], 77, 0, 0, 0, .. new byte[9_000]]));
        using var peer = await server.DialAsync();
        await peer.OpenAsync(RawPeer.Hello(receive: 8192, chunks: 1));
        await peer.SendAsync(peer.Chunk([1, 2]), peer.Chunk([1, 2], request: 3));
        for (uint request = 2; request <= 3; request++)
        {
            var answer = (await peer.ReadAsync())!;
            Assert.Equal(request, SymmetricChunk.RequestId(ListSink.AsFrame(answer)));
            var header = MessageBody.Read<ServiceFault>(
                answer.AsSpan(24), ServiceFault.EncodingId, EncodingLimits.Default).ResponseHeader;
            Assert.Equal((StatusCodes.BadResponseTooLarge, 77u), (header.ServiceResult.Value, header.RequestHandle));
        }
    }

    [Fact]
    public async Task A_request_larger_than_the_server_takes_is_not_sent_and_the_channel_stays()
    {
        await using var server = new EchoServer(new ListenerOptions { Limits = new() { MaxMessageSize = 20_000 } });
        await using var client = await server.ConnectAsync();
        var refused = await Assert.ThrowsAsync<OpcUaException>(async () => await client.RequestAsync(
            EchoServer.Buffer(MessageBuffer.Rent(100_000), new byte[30_000]), RealTime.Patience, default));
        Assert.Equal(new StatusCode(StatusCodes.BadRequestTooLarge), refused.Status);
        Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_the_wait_and_only_that()
    {
        var time = new ManualTimeProvider();
        await using var server = new EchoServer(time: time);
        await using var client = await server.ConnectAsync();
        server.OnRequest = static (_, _, _) => { };
        var waiting = client.RequestAsync(
            EchoServer.Buffer(client.RentBuffer(), Small), TimeSpan.FromSeconds(5), default).AsTask();
        time.Advance(TimeSpan.FromSeconds(5.1));
        var late = await Assert.ThrowsAsync<OpcUaException>(() => waiting);
        Assert.Equal(new StatusCode(StatusCodes.BadRequestTimeout), late.Status);
        server.OnRequest = null;
        Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_the_late_answer_finds_nobody()
    {
        await using var server = new EchoServer();
        await using var client = await server.ConnectAsync(options: new ClientConnectionOptions { Outstanding = 1 });
        var held = new TaskCompletionSource<(ServerConnection, uint)>();
        server.OnRequest = (connection, request, _) => held.TrySetResult((connection, request));
        using var cancelling = new CancellationTokenSource();
        var waiting = client.RequestAsync(
            EchoServer.Buffer(client.RentBuffer(), Small), RealTime.Patience, cancelling.Token).AsTask();
        var (there, id) = await held.Task;
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        server.OnRequest = null;
        there.Send(id, EchoServer.Buffer(there.RentBuffer(), [9, 9, 9]));
        Assert.Equal(Small, await EchoServer.AskAsync(client, Small));
    }

    [Fact]
    public async Task When_the_server_stops_waiting_requests_fail_with_its_code_and_the_connection_says_why()
    {
        var server = new EchoServer();
        await using var client = await server.ConnectAsync();
        var arrived = new TaskCompletionSource();
        server.OnRequest = (_, _, _) => arrived.TrySetResult();
        var waiting = client.RequestAsync(
            EchoServer.Buffer(client.RentBuffer(), Small), RealTime.Patience, default).AsTask();
        await arrived.Task;
        await server.DisposeAsync();
        var ended = await Assert.ThrowsAsync<OpcUaException>(() => waiting);
        Assert.Equal(new StatusCode(StatusCodes.BadServerHalted), ended.Status);
        Assert.Equal(new StatusCode(StatusCodes.BadServerHalted), await client.Closed);
        Assert.Equal((1, 1), (server.Opened, server.Closed));
    }

    [Fact]
    public async Task A_client_that_closes_its_channel_leaves_nothing_behind()
    {
        await using var server = new EchoServer();
        var client = await server.ConnectAsync();
        await client.DisposeAsync();
        Assert.Equal(new StatusCode(StatusCodes.Good), await client.Closed);
        await Eventually(() => server.Closed == 1 && server.Listener.ConnectionCount == 0);
        Assert.Equal(new StatusCode(StatusCodes.Good), server.LastReason);
    }

    [Fact]
    public async Task Nobody_listening_is_said_so()
    {
        var server = new EchoServer();
        await server.DisposeAsync();
        var failed = await Assert.ThrowsAsync<OpcUaException>(() => server.ConnectAsync());
        Assert.Equal(new StatusCode(StatusCodes.BadConnectionRejected), failed.Status);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_refused_with_the_validators_code()
    {
        await using var server = new EchoServer();
        server.Security.Validate = static _ => StatusCodes.BadSecurityChecksFailed;
        var refused = await Assert.ThrowsAsync<OpcUaException>(() => server.ConnectAsync(
            server.With(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)));
        Assert.Equal(new StatusCode(StatusCodes.BadSecurityChecksFailed), refused.Status);
        Assert.Equal(0, server.Opened);
    }

    /// <summary>Trust can be withdrawn while a channel is open: it ends with its token.</summary>
    [Fact]
    public async Task A_certificate_that_lost_its_trust_cannot_renew()
    {
        var time = new ManualTimeProvider();
        await using var server = new EchoServer(time: time);
        await using var client = await server.ConnectAsync(
            server.With(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt));
        server.Security.Validate = static _ => StatusCodes.BadCertificateRevoked;
        time.Advance(TimeSpan.FromMinutes(45.1));
        Assert.Equal(
            new StatusCode(StatusCodes.BadCertificateRevoked), await client.Closed.WaitAsync(RealTime.Patience));
    }

    [Fact]
    public async Task A_server_with_another_certificate_than_its_endpoint_says_is_not_talked_to()
    {
        await using var server = new EchoServer();
        var expected = server.With(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign) with
        {
            ServerCertificate = TestServerSecurity.LongRsa.Chain,
        };
        await Assert.ThrowsAsync<OpcUaException>(() => server.ConnectAsync(expected));
        Assert.Equal(0, server.Opened);
    }

    /// <summary>OPC 10000-6 §7.1.2.6: the server dials and names itself; then everything is as usual.</summary>
    [Fact]
    public async Task A_server_dials_a_client_that_cannot_reach_it()
    {
        using var waiting = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        waiting.Start();
        await using var server = new EchoServer();
        server.Listener.AddReverseConnection(
            new Uri($"opc.tcp://{waiting.LocalEndpoint}"), "urn:server", server.Url.OriginalString);
        using var peer = new RawPeer(await waiting.AcceptSocketAsync());
        var hello = ReverseHelloMessage.Read(await peer.ReadAsync());
        Assert.Equal(new ReverseHelloMessage("urn:server", server.Url.OriginalString), hello);
        await peer.OpenAsync();
        await peer.SendAsync(peer.Chunk(Small));
        Assert.Equal(Small, (await peer.ReadAsync())![24..]);
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
    }
}
