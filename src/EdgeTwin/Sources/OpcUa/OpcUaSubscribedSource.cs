using System.Threading.Channels;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>
/// Is told by a server what changes. Through an outage the client takes session and subscription up again, so that what
/// the server queued meanwhile still comes; what it could not keep is read from its history, where it has one. Tags
/// that did not change in the outage are read once after it: no value is taken for granted.
/// </summary>
internal sealed class OpcUaSubscribedSource : IToldSource, IWritableSource
{
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(100);

    private readonly SourceContext context;
    private readonly OpcUaSourceConfig config;
    private readonly OpcUaLink link;
    private readonly OpcUaMemory memory;
    private readonly OpcUaBackfill backfill;
    private readonly OpcUaItems items;
    private readonly OpcUaDiscovery discovery;
    private readonly Channel<TagId> probes = Channel.CreateBounded<TagId>(SourceRunner.MostProbes);
    private readonly bool isFirst;
    private bool isAway;
    private long awaySince;
    private long lastSearch;
    private long? refreshAt;

    public OpcUaSubscribedSource(SourceContext context)
    {
        this.context = context;
        config = (OpcUaSourceConfig)context.Config;
        link = new OpcUaLink(context);
        isFirst = context.Kept is null;
        memory = (OpcUaMemory)(context.Kept ??= new OpcUaMemory());
        backfill = new OpcUaBackfill(context, link, memory);
        items = new OpcUaItems(context, link);
        discovery = new OpcUaDiscovery(context, link);
    }

    /// <inheritdoc/>
    public Func<Exception, CancellationToken, ValueTask>? Losing { get; set; }

    /// <inheritdoc/>
    public bool TryProbe(TagId tag) => probes.Writer.TryWrite(tag);

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        await link.ConnectAsync(cancellation);
        lastSearch = context.Time.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!isFirst) await backfill.FillAsync(null, inbox, cancellation);
        await items.SubscribeAsync(cancellation);
        await PostMissingAsync(inbox, cancellation);
        await discovery.LookAsync(cancellation);
        var notice = items.Notices.WaitToReadAsync(cancellation).AsTask();
        var probe = probes.Reader.WaitToReadAsync(cancellation).AsTask();
        while (true)
        {
            using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var pause = Task.Delay(LookEvery, context.Time, look.Token);
            await Task.WhenAny(notice, probe, pause);
            await look.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            if (notice.IsCompleted)
            {
                if (!await notice) throw new IOException("the subscription has ended");
                while (items.Notices.TryRead(out var next)) await TakeAsync(next, inbox, cancellation);
                notice = items.Notices.WaitToReadAsync(cancellation).AsTask();
            }

            if (probe.IsCompleted)
            {
                await probe;
                while (probes.Reader.TryRead(out var tag)) await AnswerAsync(tag, inbox, cancellation);
                probe = probes.Reader.WaitToReadAsync(cancellation).AsTask();
            }

            await LookAsync(inbox, cancellation);
        }
    }

    /// <inheritdoc/>
    public ValueTask<EdgeTwin.Tags.StatusCode> WriteAsync(TagId tag, TagValue value, CancellationToken cancellation) =>
        link.WriteAsync(tag, value, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await items.DisposeAsync();
        await link.DisposeAsync();
    }

    private TimeSpan LookEvery => config.Publishing > ShortestLook ? ShortestLook : config.Publishing;

    private async Task TakeAsync(SubscriptionNotice notice, ISampleInbox inbox, CancellationToken cancellation)
    {
        switch (notice)
        {
            case DataChangeNotice data:
                await PostAsync(data, inbox, cancellation);
                break;
            case GapNotice gap:
                await TryAsync(() => backfill.FillAsync(gap.From, inbox, cancellation), cancellation);
                break;
            case RecoveryNotice:
                foreach (var target in link.Targets) target.WasHeard = false;
                // Not before what the server had queued came in: that is older.
                refreshAt = context.Time.GetTimestamp();
                lastSearch = 0;
                break;
        }
    }

    private ValueTask PostAsync(DataChangeNotice notice, ISampleInbox inbox, CancellationToken cancellation)
    {
        var batch = SampleBatch.Rent();
        foreach (ref readonly var change in notice.Changes.AsSpan())
        {
            var target = (OpcUaTarget)change.Item.Tag!;
            if (change.IsOverflow) items.SayOverflow(target);
            target.WasHeard = true;
            target.ServerType = change.Value.Value.Type;
            var sample = link.ToSample(target, change.Value);
            if (memory.IsRepeat(in sample)) continue;
            memory.Heard(in sample);
            batch.Add(in sample);
        }

        return inbox.PostAsync(batch, cancellation);
    }

    private async Task LookAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        var now = context.Time.GetTimestamp();
        var isConnected = link.Client.State == ClientState.Connected;
        if (!isConnected && !isAway)
        {
            (isAway, awaySince) = (true, now);
            var why = link.Client.LastFailure ?? new OpcUaException(StatusCodes.BadNotConnected, "not connected");
            if (Losing is { } losing) await losing(why, cancellation);
        }

        if (isConnected) isAway = false;
        else if (context.Time.GetElapsedTime(awaySince, now) > OpcUaItems.Lifetime)
            throw link.Client.LastFailure ?? (Exception)new IOException("the server did not come back");
        if (!isConnected) return;

        if (refreshAt is { } due && context.Time.GetElapsedTime(due, now) > 2 * config.Publishing)
        {
            refreshAt = null;
            await TryAsync(() => RefreshAsync(inbox, cancellation), cancellation);
        }

        if (lastSearch != 0 && context.Time.GetElapsedTime(lastSearch, now) < config.BrowseEvery) return;
        lastSearch = now;
        await TryAsync(async () =>
        {
            if (await items.FollowAsync(cancellation)) await PostMissingAsync(inbox, cancellation);
            await discovery.LookAsync(cancellation);
        }, cancellation);
    }

    private async Task RefreshAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        var quiet = link.Targets.Where(target => !target.WasHeard).ToList();
        if (quiet.Count == 0) return;
        var batch = SampleBatch.Rent();
        await link.ReadAsync(quiet, batch, cancellation);
        await inbox.PostAsync(batch, cancellation);
    }

    private async Task AnswerAsync(TagId tag, ISampleInbox inbox, CancellationToken cancellation)
    {
        if (link.Client.State != ClientState.Connected || link.Find(tag) is null) return;
        await TryAsync(async () =>
        {
            var batch = SampleBatch.Rent();
            batch.Add(await link.ReadBackAsync(tag, cancellation));
            await inbox.PostAsync(batch, cancellation);
        }, cancellation);
    }

    private async Task PostMissingAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        var missing = link.Targets.Where(target => target.Node is null)
            .Select(target => (Target: target, Why: EdgeTwin.Tags.StatusCode.BadNodeIdUnknown))
            .Concat(items.Refused).ToList();
        items.Refused.Clear();
        if (missing.Count == 0) return;
        var first = missing[0].Target.Tag;
        OpcUaSourceLog.Missing(
            context.Logger, context.Name, missing.Count, first.Definition.Name, first.Config.Address,
            config.BrowseEvery);
        var batch = SampleBatch.Rent();
        foreach (var (target, why) in missing) batch.Add(link.Bad(target, why));
        await inbox.PostAsync(batch, cancellation);
    }

    /// <summary>A request may fail because the connection goes just now; then the outage begins, and it is made again
    /// after it where that matters.</summary>
    private async Task TryAsync(Func<Task> request, CancellationToken cancellation)
    {
        try
        {
            await request();
        }
        catch (OpcUaException) when (!cancellation.IsCancellationRequested)
        {
            if (link.Client.State == ClientState.Connected) refreshAt ??= context.Time.GetTimestamp();
        }
    }
}
