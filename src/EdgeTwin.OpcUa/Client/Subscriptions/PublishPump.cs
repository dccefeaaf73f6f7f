using System.Threading.Channels;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>Keeps Publish requests outstanding on one session and hands the answers to one dispatcher. Ends with the
/// session; the next session gets a new pump.</summary>
internal sealed class PublishPump : IAsyncDisposable
{
    private const int MostRequests = 8;
    private const int MostFailures = 5;
    private static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(250);

    private readonly ClientSession session;
    private readonly Acknowledgements acknowledgements;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly Channel<PublishResponse> responses =
        System.Threading.Channels.Channel.CreateBounded<PublishResponse>(MostRequests);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<Task> loops = [];
    private int requests;
    private int allowed = MostRequests;

    /// <param name="session">Where to publish.</param>
    /// <param name="acknowledgements">What each request acknowledges.</param>
    /// <param name="patience">Longest wait for one answer; the watchdogs of the subscriptions are quicker.</param>
    /// <param name="time">The clock.</param>
    public PublishPump(
        ClientSession session, Acknowledgements acknowledgements, TimeSpan patience, TimeProvider time)
    {
        this.session = session;
        this.acknowledgements = acknowledgements;
        this.patience = patience;
        this.time = time;
    }

    /// <summary>Answers in the order in which they came, as far as threads keep it.</summary>
    public ChannelReader<PublishResponse> Responses => responses.Reader;

    public ClientSession Session => session;

    public CancellationToken Stopped => stop.Token;

    /// <summary>Keeps this many requests outstanding, as far as the server takes them.</summary>
    public void KeepOutstanding(int wanted)
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested) return;
            loops.RemoveAll(static l => l.IsCompleted);
            while (requests < Math.Min(wanted, allowed))
            {
                requests++;
                loops.Add(LoopAsync());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (gate)
        {
#pragma warning disable VSTHRD103 // under the lock, so that no loop begins behind it
            stop.Cancel();
#pragma warning restore VSTHRD103
            running = [.. loops];
        }

        await Task.WhenAll(running);
        responses.Writer.TryComplete();
        stop.Dispose();
    }

    private async Task LoopAsync()
    {
        await Task.Yield();
        try
        {
            var failures = 0;
            while (true)
            {
                var acknowledged = acknowledgements.TakeAll();
                try
                {
                    var response = await session.SendAsync<PublishRequest, PublishResponse>(
                        new PublishRequest
                        {
                            RequestHeader = session.Header(patience),
                            SubscriptionAcknowledgements = acknowledged,
                        }, patience, stop.Token);
                    failures = 0;
                    await responses.Writer.WriteAsync(response, stop.Token);
                }
                catch (OpcUaException e)
                {
                    acknowledgements.PutBack(acknowledged);
                    failures++;
                    if (!await GoesOnAsync(e, failures)) return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped with the session.
        }
        finally
        {
            lock (gate) requests--;
        }
    }

    /// <returns>Whether this request is made again.</returns>
    private async ValueTask<bool> GoesOnAsync(OpcUaException failure, int failures)
    {
        if (Loss.KindOf(failure.Status) != LossKind.None) return false; // The keeper knows; it makes a new pump.
        switch (failure.Status.Code.Value)
        {
            case StatusCodes.BadTimeout or StatusCodes.BadRequestTimeout:
                return true;
            case StatusCodes.BadTooManyPublishRequests:
                lock (gate)
                {
                    // One request too many: from now on one less, but never none.
                    if (requests > 1)
                    {
                        allowed = requests - 1;
                        return false;
                    }
                }

                break;
        }

        if (failures == MostFailures)
        {
            session.Report(new Loss(LossKind.Channel, failure.Status));
            return false;
        }

        await Task.Delay(FailurePause * failures, time, stop.Token);
        return true;
    }
}
