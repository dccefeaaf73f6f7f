using System.Collections.Concurrent;
using System.Net;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>A client's connection without a socket: requests go straight to the dispatcher, answers are kept.</summary>
internal sealed class FakeConnection(ServerRig rig, ChannelInfo channel, OwnCertificate? client, int limit)
    : IServerConnection
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<byte[]>> answers = [];
    private uint lastRequest;

    public ChannelInfo Channel => channel;

    /// <summary>The client's certificate and key; null without security.</summary>
    public OwnCertificate? Client => client;

    public EndPoint? Remote { get; set; } = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 50000);

    public int PendingBytes => 0;

    public bool IsCongested => false;

    public bool HasSession { get; set; }

    public MessageBuffer RentBuffer() => MessageBuffer.Rent(limit);

    public void Send(uint requestId, MessageBuffer message)
    {
        Answer(requestId).SetResult(message.Written.ToArray());
        message.Dispose();
    }

    /// <summary>Sends a request; its answer is taken later.</summary>
    public uint Send(IServiceRequest request)
    {
        using var buffer = MessageBuffer.Rent(1_000_000);
        MessageBody.Write(buffer, request);
        return Send(buffer.Written);
    }

    public uint Send(ReadOnlySpan<byte> message)
    {
        rig.Dispatcher.Handle(this, ++lastRequest, message);
        return lastRequest;
    }

    public bool HasAnswer(uint requestId) => Answer(requestId).Task.IsCompleted;

    /// <summary>The answer to a request, when it comes: a response or a fault.</summary>
    public async Task<IServiceResponse> AnswerAsync(uint requestId)
    {
        return Decode(await Answer(requestId).Task.WaitAsync(RealTime.Patience));
    }

    public Task<IServiceResponse> AskAsync(IServiceRequest request) => AnswerAsync(Send(request));

    /// <summary>Asks for what shall be answered so.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IServiceRequest request)
        where TResponse : class, IServiceResponse
    {
        var answer = await AskAsync(request);
        return answer as TResponse ?? throw new OpcUaException(answer.ResponseHeader.ServiceResult, "refused");
    }

    /// <summary>The result of a request as a whole.</summary>
    public async Task<StatusCode> ResultAsync(IServiceRequest request) =>
        (await AskAsync(request)).ResponseHeader.ServiceResult;

    private static IServiceResponse Decode(byte[] answer)
    {
        var reader = new UaReader(answer, EncodingLimits.Default);
        return (IServiceResponse)StructureTable.Decode(MessageBody.ReadTypeId(ref reader), ref reader)!;
    }

    private TaskCompletionSource<byte[]> Answer(uint requestId) => answers.GetOrAdd(
        requestId, static _ => new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously));
}
