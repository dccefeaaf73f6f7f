using System.Threading.Channels;
using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Client.Transport;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Client.Recovery;

/// <summary>Owns the session of a client: makes it, watches it, gets it back. One loop; others only read.</summary>
internal sealed class SessionKeeper : IAsyncDisposable
{
    private const int MostLosses = 16;

    private readonly OpcUaClientOptions options;
    private readonly SubscriptionHub hub;
    private readonly SessionOpener opener;
    private readonly SessionWatch watch;
    private readonly RecoveryMachine machine;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Channel<(ClientSession Session, Loss Loss)> losses;
    private readonly CancellationTokenSource stop = new();
    private ClientSession? session;
    private ClientSession? candidate;
    private IClientTransport? transport;
    private SessionTarget? target;
    private SessionSecrets? secrets;
    private Outage outage = new(default, default);
    private long lostAt;
    private bool toldFailure;
    private Task loop = Task.CompletedTask;

    public SessionKeeper(OpcUaClientOptions options, IClientTransportFactory transports, SubscriptionHub hub,
        TimeProvider time, ILogger logger)
    {
        this.options = options;
        this.hub = hub;
        this.time = time;
        this.logger = logger;
        losses = System.Threading.Channels.Channel.CreateBounded<(ClientSession, Loss)>(
            new BoundedChannelOptions(MostLosses) { FullMode = BoundedChannelFullMode.DropWrite });
        opener = new SessionOpener(options, transports, time, (from, loss) => losses.Writer.TryWrite((from, loss)));
        watch = new SessionWatch(options, hub, time);
        machine = new RecoveryMachine(new BackOff(options.FirstReconnectDelay, options.LongestReconnectDelay,
            options.Jitter ?? Random.Shared.NextDouble));
    }

    /// <summary>The active session; null while there is none.</summary>
    public ClientSession? Session => Volatile.Read(ref session);

    /// <summary>Why there is no session; null while there is one.</summary>
    public OpcUaException? LastFailure { get; private set; }

    public ClientState State { get; private set; } = ClientState.New;

    /// <summary>Connects for the first time: one attempt, whose failure is the caller's.</summary>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        if (State != ClientState.New) throw new InvalidOperationException($"the client is {State}");
        try
        {
            while (machine.Step != RecoveryStep.Watch)
            {
                await StepAsync(cancellation);
                machine.Succeeded(Now);
            }
        }
        catch
        {
            await LeaveAsync();
            machine.Restart();
            throw;
        }

        State = ClientState.Connected;
        ClientLog.Connected(logger, options.EndpointUrl, target!.Policy.Name, target.Endpoint.SecurityMode.ToString());
        loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (State == ClientState.Closed) return;
        State = ClientState.Closed;
        await stop.CancelAsync();
        await loop;
        await LeaveAsync(close: true);
        stop.Dispose();
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    private async Task LoopAsync()
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (machine.Step == RecoveryStep.Watch) await WatchAsync();
                else await RecoverAsync();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Disposed.
            }
        }
    }

    private async Task WatchAsync()
    {
        var loss = await watch.UntilLostAsync(session!, losses.Reader, stop.Token);
        outage = new Outage(time.GetUtcNow().UtcDateTime, loss.Status);
        if (loss.Kind == LossKind.Subscription)
        {
            if (hub.All.Count > 0) ClientLog.SubscriptionsLost(logger, options.EndpointUrl, loss.Status);
        }
        else
        {
            lostAt = time.GetTimestamp();
            toldFailure = false;
            LastFailure = new OpcUaException(loss.Status, "the connection was lost");
            ClientLog.Lost(logger, options.EndpointUrl, loss.Status);
            await LeaveAsync();
            Tell(ClientState.Reconnecting);
        }

        machine.Lost(loss.Kind, Now);
    }

    private async Task RecoverAsync()
    {
        try
        {
            await StepAsync(stop.Token);
            machine.Succeeded(Now);
            if (machine.Step == RecoveryStep.Watch) TellConnected();
        }
        catch (OpcUaException e)
        {
            await FailAsync(e);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // The last line: whatever it was, a client that stops trying would be worse.
            ClientLog.Unforeseen(logger, options.EndpointUrl, e);
            await FailAsync(new OpcUaException(StatusCodes.BadUnexpectedError, e.Message, e));
        }
    }

    private async Task FailAsync(OpcUaException failure)
    {
        if (State == ClientState.Connected)
        {
            // Restoring subscriptions on a session that turned out to be lost too.
            lostAt = time.GetTimestamp();
            toldFailure = false;
            Tell(ClientState.Reconnecting);
        }

        machine.Failed(failure.Status);
        LastFailure = failure;
        if (!toldFailure && machine.Step is RecoveryStep.Pause)
        {
            toldFailure = true;
            ClientLog.CannotReconnect(logger, options.EndpointUrl, failure.Message);
        }

        if (machine.Step is RecoveryStep.Pause or RecoveryStep.Discover) await LeaveAsync();
    }

    private async Task StepAsync(CancellationToken cancellation)
    {
        switch (machine.Step)
        {
            case RecoveryStep.Pause:
                await Task.Delay(machine.Pause, time, cancellation);
                break;
            case RecoveryStep.Discover:
                target = await opener.DiscoverAsync(cancellation);
                break;
            case RecoveryStep.Open:
                transport = await opener.OpenAsync(target!, cancellation);
                break;
            case RecoveryStep.Resume:
                candidate = await opener.ResumeAsync(transport!, target!, secrets!, cancellation);
                break;
            case RecoveryStep.Create:
                candidate = await opener.CreateAsync(transport!, target!, cancellation);
                secrets = candidate.Secrets;
                break;
            case RecoveryStep.Learn:
                await LearnAsync(candidate!, cancellation);
                break;
            case RecoveryStep.Restore:
                var next = candidate ?? session!;
                await hub.StartAsync(next, outage, cancellation);
                Volatile.Write(ref session, next);
                candidate = null;
                break;
        }
    }

    private async Task LearnAsync(ClientSession next, CancellationToken cancellation)
    {
        (next.Namespaces, next.Limits) = await ServerFacts.ReadAsync(next, cancellation);
        if (State == ClientState.Reconnecting && !next.Namespaces.SameAs(hub.Restorer.LastNamespaces))
            ClientLog.Renumbered(logger, options.EndpointUrl);
    }

    private void TellConnected()
    {
        LastFailure = null;
        if (State != ClientState.Reconnecting) return;
        ClientLog.Reconnected(logger, options.EndpointUrl, time.GetElapsedTime(lostAt).TotalSeconds,
            machine.WasResumed ? "the session lived on" : "with a new session");
        Tell(ClientState.Connected);
    }

    private void Tell(ClientState state)
    {
        if (State == ClientState.Closed) return;
        State = state;
        options.StateChanged?.Invoke(state);
    }

    /// <summary>Gives up the channel. The transport first: what waits for its answers ends with it.</summary>
    private async Task LeaveAsync(bool close = false)
    {
        var last = session;
        Volatile.Write(ref session, null);
        candidate = null;
        if (close && last is not null) await SessionOpener.CloseAsync(last, options.ConnectTimeout);
        if (transport is { } old) await old.DisposeAsync();
        transport = null;
        await hub.StopAsync();
        while (losses.Reader.TryRead(out _))
        {
            // Of the session that is left; the next one has its own.
        }
    }
}
