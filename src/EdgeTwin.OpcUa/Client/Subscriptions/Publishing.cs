using EdgeTwin.OpcUa.Client.Sessions;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>The pump and the dispatcher of one session, started and stopped together.</summary>
internal sealed class Publishing : IAsyncDisposable
{
    // The watchdogs of the subscriptions find a dead server long before.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private const int Most = 8;

    private readonly PublishPump pump;
    private readonly NotificationDispatcher dispatcher;
    private readonly Task dispatching;

    public Publishing(ClientSession session, SubscriptionTable subscriptions, Acknowledgements acknowledgements,
        TimeProvider time)
    {
        pump = new PublishPump(session, acknowledgements, Patience, time);
        dispatcher = new NotificationDispatcher(pump, subscriptions, acknowledgements, time);
        dispatching = dispatcher.RunAsync();
    }

    public ClientSession Session => pump.Session;

    /// <summary>Whether a reader keeps everything waiting.</summary>
    public bool IsStalled => dispatcher.IsStalled;

    /// <summary>One request for each subscription, and one that is on its way.</summary>
    public void KeepOutstanding(int subscriptions) =>
        pump.KeepOutstanding(subscriptions == 0 ? 0 : Math.Clamp(subscriptions + 1, 2, Most));

    public async ValueTask DisposeAsync()
    {
        await pump.DisposeAsync();
        await dispatching;
    }
}
