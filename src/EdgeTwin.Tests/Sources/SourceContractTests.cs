using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources;

/// <summary>
/// What every driver owes the runner. Each driver's test class derives from this one, says how to reach a peer, and
/// gets these tests. They run on real time against a real or scripted peer, so each is bounded.
/// </summary>
public abstract class SourceContractTests
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(2);

    /// <summary>The driver under test.</summary>
    private protected abstract SourceDriver Driver { get; }

    /// <summary>At least two tags that the peer has, with good values.</summary>
    private protected abstract IReadOnlyList<TagConfig> GoodTags { get; }

    /// <summary>A tag that is written correctly, yet the peer does not have it.</summary>
    private protected abstract TagConfig AbsentTag { get; }

    /// <summary>A tag that <c>CheckTag</c> must refuse.</summary>
    private protected abstract TagConfig WrongTag { get; }

    /// <summary>True for a source that is told of changes: its read goes on until it is cancelled.</summary>
    private protected virtual bool IsTold => false;

    /// <summary>Where relative paths start.</summary>
    private protected virtual string BaseFolder => ".";

    /// <summary>Makes the peer available and says how to reach it.</summary>
    private protected abstract Task<SourceConfig> StartPeerAsync();

    /// <summary>Ends the peer.</summary>
    private protected virtual Task StopPeerAsync() => Task.CompletedTask;

    [Fact]
    public Task It_posts_one_good_sample_of_its_type_per_tag_and_scan() =>
        WithSourceAsync(GoodTags, async (source, context) =>
    {
        var samples = await ReadAsync(source, context, scans: 3);
        foreach (var tag in context.Tags)
        {
            var own = samples.Where(sample => sample.Tag == tag.Definition.Id).Take(3).ToList();
            Assert.Equal(3, own.Count);
            Assert.All(own, sample =>
                Assert.Equal((StatusCode.Good, tag.Definition.Type), (sample.Status, sample.Value.Type)));
        }
    });

    [Fact]
    public Task Its_times_are_UTC_and_never_run_backwards() => WithSourceAsync(GoodTags, async (source, context) =>
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;
        var samples = await ReadAsync(source, context, scans: 4);
        foreach (var tag in context.Tags)
        {
            var own = samples.Where(sample => sample.Tag == tag.Definition.Id).ToList();
            Assert.All(own, s =>
                Assert.Equal((DateTimeKind.Utc, DateTimeKind.Utc), (s.SourceTime.Kind, s.ReceiveTime.Kind)));
            Assert.InRange(own[0].ReceiveTime, before, before + RealTime.Patience);
            Assert.True(own.Zip(own.Skip(1)).All(pair => pair.First.ReceiveTime <= pair.Second.ReceiveTime));
            Assert.True(own.Zip(own.Skip(1)).All(pair => pair.First.SourceTime <= pair.Second.SourceTime));
        }
    });

    [Fact]
    public Task A_bad_address_costs_only_itself() =>
        WithSourceAsync([AbsentTag, .. GoodTags, AbsentTag], async (source, context) =>
    {
        var samples = await ReadAsync(source, context, scans: 3);
        foreach (var tag in context.Tags)
        {
            // A driver may need the first scan to find out which address is refused.
            var last = samples.Last(sample => sample.Tag == tag.Definition.Id);
            Assert.True(last.Status.IsBad == (tag.Config == AbsentTag), $"{tag.Config.Address}: {last.Status}");
            Assert.True(last.Status.IsGood || last.Value.IsNone);
        }
    });

    [Fact]
    public Task A_cancelled_connect_and_read_end_promptly() => WithPeerAsync(GoodTags, async context =>
    {
        await using var source = Driver.Create(context);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => source.ConnectAsync(cancelled.Token).AsTask().WaitAsync(Promptly));

        await using var connected = Driver.Create(context);
        await connected.ConnectAsync(CancellationToken.None).AsTask().WaitAsync(RealTime.Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => connected.ReadAsync(new RecordingInbox(), cancelled.Token).AsTask().WaitAsync(Promptly));
    });

    [Fact]
    public Task A_read_that_waits_for_a_full_inbox_ends_promptly_when_cancelled() =>
        WithSourceAsync(GoodTags, async (source, context) =>
    {
        using var stop = new CancellationTokenSource();
        var posted = new TaskCompletionSource();
        var inbox = new RecordingInbox { OnPost = _ => posted.TrySetResult() };
        inbox.Fill();
        var read = source.ReadAsync(inbox, stop.Token).AsTask();
        await posted.Task.WaitAsync(RealTime.Patience);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Promptly));
    });

    [Fact]
    public Task It_can_be_disposed_twice_and_before_it_was_connected() => WithPeerAsync(GoodTags, async context =>
    {
        var never = Driver.Create(context);
        await never.DisposeAsync();
        await never.DisposeAsync();
        var source = Driver.Create(context);
        await source.ConnectAsync(CancellationToken.None).AsTask().WaitAsync(RealTime.Patience);
        await source.DisposeAsync();
        await source.DisposeAsync();
    });

    [Fact]
    public Task Its_runner_delivers_and_stops_promptly() => WithPeerAsync(GoodTags, async context =>
    {
        using var stop = new CancellationTokenSource();
        var inbox = new RecordingInbox();
        var runner = new SourceRunner(context, Driver, inbox);
        var run = runner.RunAsync(stop.Token);
        var deadline = TimeProvider.System.GetTimestamp();
        while (runner.Status.State != SourceState.Running || inbox.Samples.Count < context.Tags.Count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < RealTime.Patience, runner.Status.LastError
                ?? "nothing was delivered");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await stop.CancelAsync();
        await run.WaitAsync(Promptly);
    });

    [Fact]
    public async Task Its_check_accepts_good_tags_and_refuses_wrong_ones()
    {
        var config = await StartPeerAsync();
        try
        {
            Assert.All(GoodTags, tag => Assert.Empty(Driver.CheckTag(config, tag)));
            Assert.NotEmpty(Driver.CheckTag(config, WrongTag));
        }
        finally
        {
            await StopPeerAsync();
        }
    }

    /// <summary>Reads so many scans and returns every sample in order.</summary>
    private protected async Task<IReadOnlyList<Sample>> ReadAsync(ISource source, SourceContext context, int scans)
    {
        var inbox = new RecordingInbox();
        using var stop = new CancellationTokenSource(RealTime.Patience);
        if (!IsTold)
        {
            for (var i = 0; i < scans; i++) await source.ReadAsync(inbox, stop.Token);
            return inbox.Samples;
        }

        var read = source.ReadAsync(inbox, stop.Token).AsTask();
        while (!read.IsCompleted && !context.Tags.All(tag => IsEnough(tag, inbox.Samples, scans)))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Promptly));
        return inbox.Samples;
    }

    // What is not there is told once.
    private static bool IsEnough(SourceTag tag, IReadOnlyList<Sample> samples, int scans)
    {
        var own = samples.Where(sample => sample.Tag == tag.Definition.Id).ToList();
        return own.Count >= scans || (own.Count > 0 && own[^1].Status.IsBad);
    }

    private protected Task WithSourceAsync(IReadOnlyList<TagConfig> tags, Func<ISource, SourceContext, Task> body) =>
        WithPeerAsync(tags, async context =>
        {
            await using var source = Driver.Create(context);
            await source.ConnectAsync(CancellationToken.None).AsTask().WaitAsync(RealTime.Patience);
            await body(source, context);
        });

    private protected async Task WithPeerAsync(IReadOnlyList<TagConfig> tags, Func<SourceContext, Task> body)
    {
        var config = await StartPeerAsync();
        try
        {
            await body(SourceContexts.Make(config, tags, TimeProvider.System, baseFolder: BaseFolder));
        }
        finally
        {
            await StopPeerAsync();
        }
    }
}
