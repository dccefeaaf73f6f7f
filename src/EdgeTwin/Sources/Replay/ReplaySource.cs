using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Replay;

/// <summary>
/// Plays CSV recordings row by row at their own pace, faster, or as fast as the twin takes them. It is a source that is
/// told of changes: <see cref="ReadAsync"/> plays until it is cancelled. A row is never left out; late ones follow at
/// once.
/// </summary>
internal sealed class ReplaySource : ISource
{
    private const int FullBatch = 256;
    private const double LongestTimerMilliseconds = 24 * 3600 * 1000;
    private static readonly string[] UsualTimeColumns = ["timestamp", "datetime", "time", "date"];

    private readonly SourceContext context;
    private readonly ReplayConfig config;
    private readonly List<ReplayColumn> columns = [];
    private readonly ReplayTimeline timeline;
    private readonly string[] paths;
    private CsvRecording? recording;
    private int timeColumn;
    private bool complained;
    private long rows;
    private SampleBatch? batch;

    private ReplaySource(SourceContext context)
    {
        this.context = context;
        config = (ReplayConfig)context.Config;
        timeline = new ReplayTimeline(config.Scan, config.MaxGap);
        paths = [.. config.Files.Select(file => Path.Combine(context.BaseFolder, file))];
        foreach (var tag in context.Tags)
        {
            // CheckTag has refused an address without a column; the empty name is in no header.
            var column = ReplayAddress.TryParse(tag.Config.Address, out var name) ? name : "";
            columns.Add(new ReplayColumn(context, tag, column));
        }
    }

    /// <summary>The line in the catalog.</summary>
    public static SourceDriver Driver { get; } =
        new("replay", typeof(ReplayConfig), context => new ReplaySource(context), CheckTag);

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        foreach (var path in paths) CsvRecording.ThrowIfMissing(path);
        if (paths.Length == 0) throw new InvalidDataException("the source names no files to replay");
        await OpenAsync(paths[0], cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        var start = context.Time.GetTimestamp();
        try
        {
            do
            {
                for (var i = 0; i < paths.Length; i++)
                {
                    if (i > 0 || rows > 0) await OpenAsync(paths[i], cancellation);
                    await PlayAsync(start, inbox, cancellation);
                }

                if (rows == 0) throw new InvalidDataException($"the recording {paths[0]} has a header and no rows");
            }
            while (config.Loop);
        }
        finally
        {
            batch?.Return();
            batch = null;
        }

        ReplayLog.Ended(context.Logger, context.Name, rows);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        recording?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<(string Key, string Message)> CheckTag(SourceConfig source, TagConfig tag)
    {
        if (!ReplayAddress.TryParse(tag.Address, out _))
        {
            yield return ("address",
                $"'{tag.Address}' names no column; write column:NAME with the name as in the first row of the "
                    + $"recording");
        }
    }

    private async Task OpenAsync(string path, CancellationToken cancellation)
    {
        recording?.Dispose();
        recording = await CsvRecording.OpenAsync(path, cancellation);
        timeColumn = FindTimeColumn(recording);
        if (rows > 0 && paths.Length == 1) return; // the same file again: bound, and complained of, already
        foreach (var column in columns) column.Bind(recording);
    }

    private int FindTimeColumn(CsvRecording file)
    {
        if (config.TimestampColumn is { } name)
        {
            var index = file.IndexOf(name);
            return index >= 0
                ? index
                : throw new InvalidDataException(
                    $"{file.Path} has no column '{name}' for the "
                        + $"time{NearestName.Hint(name, [.. file.Columns], "it has")}");
        }

        foreach (var usual in UsualTimeColumns)
        {
            for (var i = 0; i < file.Columns.Count; i++)
            {
                if (usual.Equals(file.Columns[i], StringComparison.OrdinalIgnoreCase)) return i;
            }
        }

        return -1;
    }

    private async Task PlayAsync(long start, ISampleInbox inbox, CancellationToken cancellation)
    {
        var beginsFile = true;
        while (await recording!.ReadAsync(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            timeline.MoveTo(RowTime(), beginsFile, UtcNow());
            beginsFile = false;
            rows++;
            await WaitForRowAsync(start, inbox, cancellation);
            AddRow();
            if (batch!.Count >= FullBatch) await PostAsync(inbox, cancellation);
        }

        await PostAsync(inbox, cancellation);
    }

    private DateTime? RowTime()
    {
        if (timeColumn < 0) return null;
        var field = recording!.Field(timeColumn);
        if (RecordedValue.TryParseTime(field, out var time)) return time;
        if (!complained) ReplayLog.NoTime(context.Logger, context.Name, recording.Place, field.ToString());
        complained = true;
        return null;
    }

    private async ValueTask WaitForRowAsync(long start, ISampleInbox inbox, CancellationToken cancellation)
    {
        if (config.Speed == 0) return;
        var due = timeline.Position / config.Speed;
        while (due - context.Time.GetElapsedTime(start) is var wait && wait > TimeSpan.Zero)
        {
            await PostAsync(inbox, cancellation);
            // Timers count whole milliseconds: rounded up, or this would spin through the last fraction.
            var timer =
                TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(wait.TotalMilliseconds, LongestTimerMilliseconds)));
            await Task.Delay(timer, context.Time, cancellation);
        }
    }

    private void AddRow()
    {
        batch ??= SampleBatch.Rent();
        var now = UtcNow();
        var sourceTime = config.Timestamps == ReplayTimestamps.Original ? timeline.SourceTime : now;
        var clock = context.Clock();
        foreach (var column in columns) batch.Add(column.Read(recording!, sourceTime, now, clock));
    }

    private ValueTask PostAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        if (batch is not { Count: > 0 } full) return ValueTask.CompletedTask;
        batch = null;
        return inbox.PostAsync(full, cancellation);
    }

    private DateTime UtcNow() => context.Time.GetUtcNow().UtcDateTime;
}
