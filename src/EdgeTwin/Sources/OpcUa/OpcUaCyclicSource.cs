using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>Reads every tag of a server each scan.</summary>
internal sealed class OpcUaCyclicSource(SourceContext context) : IWritableSource, IReadBackSource
{
    private readonly OpcUaLink link = new(context);
    private readonly OpcUaSourceConfig config = (OpcUaSourceConfig)context.Config;
    private long lastLook;

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        await link.ConnectAsync(cancellation);
        lastLook = context.Time.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (context.Time.GetElapsedTime(lastLook) >= config.BrowseEvery)
        {
            lastLook = context.Time.GetTimestamp();
            await link.FindNodesAsync(cancellation);
        }

        var batch = SampleBatch.Rent();
        try
        {
            await link.ReadAsync(link.Targets, batch, cancellation);
        }
        catch
        {
            batch.Return();
            throw;
        }

        await inbox.PostAsync(batch, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Sample> ReadBackAsync(TagId tag, CancellationToken cancellation) =>
        link.ReadBackAsync(tag, cancellation);

    /// <inheritdoc/>
    public ValueTask<StatusCode> WriteAsync(TagId tag, TagValue value, CancellationToken cancellation) =>
        link.WriteAsync(tag, value, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();
}
