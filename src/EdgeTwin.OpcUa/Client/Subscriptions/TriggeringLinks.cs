namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>The items that one item triggers, and which of these links the server has: a link is of two items on the
/// server, and goes with either (OPC 10000-4 §5.13.5). Changed by the hub only.</summary>
internal sealed class TriggeringLinks
{
    private readonly Dictionary<ClientItem, (uint Trigger, uint Triggered)> links = [];

    /// <summary>The triggered items.</summary>
    public ClientItem[] Items { get; private set; } = [];

    public void Add(ClientItem item)
    {
        if (links.TryAdd(item, default)) Items = [.. links.Keys];
    }

    public void Remove(ClientItem item)
    {
        if (links.Remove(item)) Items = [.. links.Keys];
    }

    /// <summary>The server has the link between two items of its.</summary>
    public void Made(ClientItem item, uint trigger)
    {
        links[item] = (trigger, item.ServerId);
        Items = [.. links.Keys];
    }

    /// <summary>The server has none of them any more.</summary>
    public void Forget()
    {
        foreach (var item in Items) links[item] = default;
    }

    /// <summary>The links that the server does not have and could.</summary>
    public ClientItem[] Missing(uint trigger) =>
        [.. links.Where(l => l.Key.IsMonitored && l.Value != (trigger, l.Key.ServerId)).Select(static l => l.Key)];
}
