using EdgeTwin.Sources;
using EdgeTwin.Sources.Replay;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.Replay;

public sealed class ReplaySourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider time = new();
    private readonly CollectingLogger logger = new();
    private readonly RecordingInbox inbox = new();
    private readonly CancellationTokenSource stop = new();

    public void Dispose()
    {
        stop.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Rows_are_played_at_the_distance_of_their_times(double speed)
    {
        folder.Write("a.csv", "time,v\n100,0\n101,1\n101.5,2\n104,3\n");
        var play = await StartAsync(Config() with { Speed = speed }, SourceContexts.Tag("column:v"));
        await PassUntilAsync(() => inbox.Samples.Count == 4);
        var start = inbox.Samples[0].SourceTime;
        Assert.Equal([0, 1, 1.5, 4], inbox.Samples.Select(s => (s.SourceTime - start).TotalSeconds * speed));
        Assert.Equal([0, 1, 2, 3], inbox.Samples.Select(s => s.Value.AsDouble()));
        await EndAsync(play);
    }

    [Fact]
    public async Task A_long_gap_is_shortened_in_playing_and_kept_in_original_times()
    {
        folder.Write("a.csv", "time,v\n0,0\n3600,1\n3601,2\n");
        var config = Config() with { MaxGap = TimeSpan.FromSeconds(5), Timestamps = ReplayTimestamps.Original };
        var play = await StartAsync(config, SourceContexts.Tag("column:v"));
        await PassUntilAsync(() => inbox.Samples.Count == 3);
        var start = inbox.Samples[0].ReceiveTime;
        Assert.Equal([0, 5, 6], inbox.Samples.Select(s => (s.ReceiveTime - start).TotalSeconds));
        Assert.Equal([0, 3600, 3601], inbox.Samples.Select(s => (s.SourceTime - DateTime.UnixEpoch).TotalSeconds));
        await EndAsync(play);
    }

    [Fact]
    public async Task Original_times_go_on_when_the_recording_starts_again()
    {
        folder.Write("a.csv", "time,v\n10,0\n12,1\n");
        folder.Write("b.csv", "time,v\n5,2\n6,3\n");
        var config = Config() with { Files = ["a.csv", "b.csv"], Loop = true, Timestamps = ReplayTimestamps.Original };
        var play = await StartAsync(config, SourceContexts.Tag("column:v"));
        await PassUntilAsync(() => inbox.Samples.Count >= 6);
        Assert.Equal([0, 1, 2, 3, 0, 1], inbox.Samples.Take(6).Select(s => s.Value.AsDouble()));
        Assert.Equal([10, 12, 14, 15, 19, 21],
            inbox.Samples.Take(6).Select(s => (s.SourceTime - DateTime.UnixEpoch).TotalSeconds));
        await EndAsync(play);
    }

    [Fact]
    public async Task Without_a_time_column_rows_are_a_scan_apart()
    {
        folder.Write("a.csv", "v\n0\n1\n2\n");
        var play = await StartAsync(Config() with { Scan = TimeSpan.FromSeconds(2) }, SourceContexts.Tag("column:v"));
        await PassUntilAsync(() => inbox.Samples.Count == 3);
        var start = inbox.Samples[0].ReceiveTime;
        Assert.Equal([0, 2, 4], inbox.Samples.Select(s => (s.ReceiveTime - start).TotalSeconds));
        await EndAsync(play);
    }

    [Fact]
    public async Task Speed_0_plays_everything_without_a_clock_and_then_falls_silent()
    {
        folder.Write("a.csv", "time,v\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},{i}\n")));
        var play = await StartAsync(Config() with { Speed = 0 }, SourceContexts.Tag("column:v"));
        await time.UntilAsync(() => inbox.Samples.Count == 5000 && logger.Count(1243) == 1);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (double)i), inbox.Samples.Select(s => s.Value.AsDouble()));
        Assert.False(play.IsCompleted);
        await EndAsync(play);
    }

    [Fact]
    public async Task A_bad_number_costs_only_its_own_sample_and_is_told_with_file_and_line_once()
    {
        folder.Write("a.csv", "time,v,w\n0,1,1\n1,oops,2\n2,,3\n3,NaN,4\n4,x,5\n");
        var play = await StartAsync(
            Config() with { Speed = 0 }, SourceContexts.Tag("column:v"), SourceContexts.Tag("column:w"));
        await time.UntilAsync(() => inbox.Samples.Count == 10);
        Assert.Equal(
            [StatusCode.Good, StatusCode.BadDecodingError, StatusCode.BadNoData, StatusCode.BadNoData,
            StatusCode.BadDecodingError],
            inbox.Samples.Where(s => s.Tag.Index == 0).Select(s => s.Status));
        Assert.Equal([1, 2, 3, 4, 5], inbox.Samples.Where(s => s.Tag.Index == 1).Select(s => s.Value.AsDouble()));
        Assert.Contains("a.csv:3: 'oops' in column 'v'", Assert.Single(logger.Lines, l => l.Id == 1241).Text);
        await EndAsync(play);
    }

    [Fact]
    public async Task A_time_that_cannot_be_read_is_passed_at_the_usual_distance()
    {
        folder.Write("a.csv", "time,v\n0,0\n2,1\n?,2\n6,3\n");
        var play = await StartAsync(Config(), SourceContexts.Tag("column:v"));
        await PassUntilAsync(() => inbox.Samples.Count == 4);
        var start = inbox.Samples[0].ReceiveTime;
        Assert.Equal([0, 2, 4, 6], inbox.Samples.Select(s => (s.ReceiveTime - start).TotalSeconds));
        Assert.Contains("a.csv:4: '?'", Assert.Single(logger.Lines, l => l.Id == 1242).Text);
        await EndAsync(play);
    }

    [Fact]
    public async Task Scaling_gives_float64_in_engineering_units()
    {
        folder.Write("a.csv", "time,v\n0,100\n");
        var play = await StartAsync(
            Config() with { Speed = 0 },
            SourceContexts.Tag("column:v", TagDataType.Int16) with { Scale = 0.1, Offset = -5 });
        await time.UntilAsync(() => inbox.Samples.Count == 1);
        Assert.Equal(TagValue.From(5.0), inbox.Samples[0].Value);
        await EndAsync(play);
    }

    [Fact]
    public async Task A_missing_column_is_told_with_the_nearest_name()
    {
        folder.Write("a.csv", "time,Flow Rate\n0,1\n");
        var play = await StartAsync(Config() with { Speed = 0 }, SourceContexts.Tag("column:Flow Rat"));
        await time.UntilAsync(() => inbox.Samples.Count == 1);
        Assert.Equal(StatusCode.BadConfigurationError, inbox.Samples[0].Status);
        Assert.Contains("'Flow Rate'", Assert.Single(logger.Lines, l => l.Id == 1240).Text);
        await EndAsync(play);
    }

    [Fact]
    public async Task A_missing_file_or_time_column_or_an_empty_recording_fails_with_the_reason()
    {
        folder.Write("a.csv", "stamp,v\n0,1\n");
        folder.Write("empty.csv", "time,v\n");
        var tag = SourceContexts.Tag("column:v");
        var file = await Assert.ThrowsAsync<FileNotFoundException>(() =>
            StartAsync(Config() with { Files = ["a.csv", "b.csv"] }, tag));
        Assert.Contains(Path.Combine(folder.Path, "b.csv"), file.Message);
        var column = await Assert.ThrowsAsync<InvalidDataException>(() =>
            StartAsync(Config() with { TimestampColumn = "stmp" }, tag));
        Assert.Contains("did you mean 'stamp'?", column.Message);
        var empty = await StartAsync(Config() with { Files = ["empty.csv"], Loop = true }, tag);
        Assert.Contains("no rows", (await Assert.ThrowsAsync<InvalidDataException>(() => empty)).Message);
    }

    private static ReplayConfig Config() => new() { Driver = "replay", Files = ["a.csv"] };

    /// <summary>Connects and begins to play; the task is the read.</summary>
    private async Task<Task> StartAsync(ReplayConfig config, params TagConfig[] tags)
    {
        var source = ReplaySource.Driver.Create(SourceContexts.Make(config, tags, time, logger, folder.Path));
        await source.ConnectAsync(stop.Token);
        return PlayAsync(source);
    }

    private async Task PlayAsync(ISource source)
    {
        await using (source) await source.ReadAsync(inbox, stop.Token);
    }

    private Task PassUntilAsync(Func<bool> condition) => time.PassUntilAsync(condition, TimeSpan.FromHours(1));

    private async Task EndAsync(Task play)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => play);
    }
}
