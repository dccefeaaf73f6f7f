using EdgeTwin.OpcUa.Client.Subscriptions;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Reads the notices of a subscription and keeps them.</summary>
internal sealed class NoticeLog(ClientSubscription subscription)
{
    public List<SubscriptionNotice> All { get; } = [];

    public IEnumerable<DataChange> Changes => All.OfType<DataChangeNotice>().SelectMany(static n => n.Changes);

    /// <summary>The values of an item so far.</summary>
    public IEnumerable<T?> ValuesOf<T>(ClientItem item) => Changes
        .Where(c => c.Item == item && c.Value.Status.IsGood).Select(static c => c.Value.Value.Get<T>());

    /// <summary>Reads on until a notice fits.</summary>
    public async Task<T> UntilAsync<T>(Func<T, bool>? fits = null)
        where T : SubscriptionNotice
    {
        using var patience = new CancellationTokenSource(RealTime.Patience);
        while (true)
        {
            var notice = await subscription.Notices.ReadAsync(patience.Token);
            All.Add(notice);
            if (notice is T sought && fits?.Invoke(sought) != false) return sought;
        }
    }

    /// <summary>Reads on until an item has a value that fits.</summary>
    public async Task<DataValue> ValueAsync(ClientItem item, Func<DataValue, bool> fits)
    {
        DataValue found = default;
        await UntilAsync<DataChangeNotice>(n =>
        {
            foreach (var change in n.Changes)
            {
                if (change.Item != item || !fits(change.Value)) continue;
                found = change.Value;
                return true;
            }

            return false;
        });
        return found;
    }
}
