using EdgeTwin.Sources;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources;

/// <summary>A driver that does what a test says; by default it connects and posts the value 1 for every tag.</summary>
internal sealed class ScriptedSource(SourceContext context) : IReadBackSource
{
    public Func<CancellationToken, Task>? OnConnect { get; init; }

    public Func<ScriptedSource, ISampleInbox, CancellationToken, Task>? OnRead { get; init; }

    public Func<TagId, CancellationToken, Task<Sample>>? OnReadBack { get; init; }

    public Func<Task>? OnDispose { get; init; }

    public static SourceDriver Driver(Func<SourceContext, ISource> create) =>
        new("scripted", typeof(Config), create, (_, _) => []);

    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        if (OnConnect is { } connect) await connect(cancellation);
    }

    // Not async: its state machine would be allocated in a debug build, and one test counts bytes.
    public ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation) => OnRead is { } read
        ? new ValueTask(read(this, inbox, cancellation))
        : PostAllAsync(inbox, cancellation);

    public ValueTask PostAllAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        var batch = SampleBatch.Rent();
        foreach (var tag in context.Tags) batch.Add(Good(tag.Definition.Id, 1));
        return inbox.PostAsync(batch, cancellation);
    }

    public async ValueTask<Sample> ReadBackAsync(TagId tag, CancellationToken cancellation) =>
        OnReadBack is { } readBack ? await readBack(tag, cancellation) : Good(tag, 42);

    public async ValueTask DisposeAsync()
    {
        if (OnDispose is { } dispose) await dispose();
    }

    private Sample Good(TagId tag, double value)
    {
        var now = context.Time.GetUtcNow().UtcDateTime;
        return new Sample(tag, TagValue.From(value), StatusCode.Good, now, now, ClockState.Synchronised);
    }

    internal sealed record Config : SourceConfig;
}
