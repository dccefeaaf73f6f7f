using System.Threading.Channels;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Recovery;

/// <summary>Watches a session: its channel, what its requests report, the server's state, and each subscription's signs
/// of life.</summary>
internal sealed class SessionWatch(OpcUaClientOptions options, SubscriptionHub hub, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    /// <returns>What was lost.</returns>
    public async Task<Loss> UntilLostAsync(ClientSession session,
        ChannelReader<(ClientSession Session, Loss Loss)> losses, CancellationToken cancellation)
    {
        var looked = time.GetTimestamp();
        var retried = looked;
        while (true)
        {
            while (losses.TryRead(out var reported))
            {
                if (reported.Session == session) return reported.Loss;
            }

            if (session.Closed.IsCompleted) return new Loss(LossKind.Channel, await session.Closed);
            await WaitAsync(session, losses, cancellation);
            try
            {
                hub.Flush();
                if (time.GetElapsedTime(looked) >= options.KeepAliveInterval)
                {
                    looked = time.GetTimestamp();
                    await LookAsync(session, cancellation);
                }

                if (time.GetElapsedTime(retried) >= RetryInterval())
                {
                    retried = time.GetTimestamp();
                    await hub.RetryAsync(cancellation);
                }
            }
            catch (OpcUaException e)
            {
                var kind = Loss.KindOf(e.Status);
                if (kind is LossKind.Channel or LossKind.Session) return new Loss(kind, e.Status);
                if (!Loss.IsRefusal(e.Status)) return new Loss(LossKind.Channel, e.Status);
            }

            if (hub.FindSilent() is { } silent)
            {
                silent.Remote.Silences++;
                return new Loss(LossKind.Channel, StatusCodes.BadNoCommunication);
            }
        }
    }

    // OPC 10000-4 §6.7: reading the server's state keeps the session alive and shows that the server is.
    private async Task LookAsync(ClientSession session, CancellationToken cancellation) =>
        await session.SendAsync<ReadRequest, ReadResponse>(
            new ReadRequest
            {
                RequestHeader = session.Header(options.KeepAliveTimeout),
                TimestampsToReturn = TimestampsToReturn.Neither,
                NodesToRead =
                [
                    new ReadValueId { NodeId = NodeIds.Server_ServerStatus_State, AttributeId = AttributeIds.Value },
                ],
            }, options.KeepAliveTimeout, cancellation);

    // A whole subscription that the server refused is worth more haste than a node.
    private TimeSpan RetryInterval() =>
        options.ItemRetryInterval > LongestRetry && hub.All.Any(static s => s.ServerId == 0)
            ? LongestRetry
            : options.ItemRetryInterval;

    private async Task WaitAsync(ClientSession session,
        ChannelReader<(ClientSession Session, Loss Loss)> losses, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tick = Task.Delay(Tick, time, stop.Token);
        var loss = losses.WaitToReadAsync(stop.Token).AsTask();
        await Task.WhenAny(tick, loss, session.Closed);
        await stop.CancelAsync();
        await Settled(tick);
        await Settled(loss);
        cancellation.ThrowIfCancellationRequested();
    }

    private static async Task Settled(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // It was only one of those that were waited for.
        }
    }
}
