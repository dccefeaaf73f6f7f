using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>
/// Fills a gap from the server's history, tag by tag and in the order of their times, before anything newer is taken.
/// It is kept as history, but for the last value, which is how the tag is until the subscription says otherwise. A tag
/// whose history cannot be read is left out, and its neighbours are not.
/// </summary>
internal sealed class OpcUaBackfill(SourceContext context, OpcUaLink link, OpcUaMemory memory)
{
    // OPC 10000-3 §8.57: bit 2 of AccessLevel is HistoryRead.
    private const byte HistoryRead = 4;
    private const uint PageSize = 1000;

    private readonly OpcUaSourceConfig config = (OpcUaSourceConfig)context.Config;

    /// <summary>Posts what the server kept since the last value of each tag.</summary>
    /// <param name="from">Where to begin for a tag of which nothing is known; null passes over it.</param>
    /// <param name="inbox">Where the samples go.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task FillAsync(DateTime? from, ISampleInbox inbox, CancellationToken cancellation)
    {
        if (!config.Backfill) return;
        var now = context.Time.GetUtcNow().UtcDateTime;
        var earliest = now - config.BackfillAtMost;
        var targets = await WithHistoryAsync(cancellation);
        var (samples, tags, saidWhy) = (0L, 0, false);
        var since = now;
        foreach (var target in targets)
        {
            if ((memory.NewestOf(target.Tag.Definition.Id) ?? from) is not { } last) continue;
            var start = last.AddTicks(1) > earliest ? last.AddTicks(1) : earliest;
            if (start < since) since = start;
            try
            {
                var filled = await FillAsync(target, start, now, inbox, cancellation);
                samples += filled;
                if (filled > 0) tags++;
            }
            catch (OpcUaException refused)
            {
                if (!saidWhy) OpcUaSourceLog.NoHistory(
                    context.Logger, context.Name, target.Tag.Definition.Name, refused.Message, start);
                saidWhy = true;
            }
        }

        if (samples > 0) OpcUaSourceLog.Backfilled(context.Logger, context.Name, samples, tags, since);
    }

    private async Task<long> FillAsync(
        OpcUaTarget target, DateTime from, DateTime to, ISampleInbox inbox, CancellationToken cancellation)
    {
        if (link.NodeOf(target) is not { } node || from >= to) return 0;
        var count = 0L;
        Sample? newest = null;
        await foreach (var page in link.Client.ReadHistoryAsync(node, from, to, PageSize, cancellation))
        {
            var past = SampleBatch.Rent();
            past.IsHistory = true;
            foreach (var value in page)
            {
                // A server may begin with the value before the start (its bound); that one is known.
                if (value.SourceTimestamp < from) continue;
                if (newest is { } older) Add(past, older);
                newest = link.ToSample(target, value);
            }

            count += past.Count;
            await inbox.PostAsync(past, cancellation);
        }

        if (newest is not { } present) return count;
        var live = SampleBatch.Rent();
        Add(live, present);
        await inbox.PostAsync(live, cancellation);
        return count + 1;
    }

    private void Add(SampleBatch batch, in Sample sample)
    {
        memory.Filled(in sample);
        batch.Add(in sample);
    }

    private async Task<IReadOnlyList<OpcUaTarget>> WithHistoryAsync(CancellationToken cancellation)
    {
        var asked = link.Targets.Where(target => link.NodeOf(target) is not null).ToList();
        if (asked.Count == 0) return [];
        var levels = await link.Client.ReadAsync(
            [
                .. asked.Select(target => new ReadValueId
                {
                    NodeId = link.NodeOf(target)!.Value,
                    AttributeId = AttributeIds.UserAccessLevel,
                }),
            ],
            TimestampsToReturn.Neither, cancellation: cancellation);
        return [.. asked.Where((_, i) => levels[i].Status.IsGood && (levels[i].Value.Get<byte>() & HistoryRead) != 0)];
    }
}
