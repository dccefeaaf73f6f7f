using EdgeTwin.Journal;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks;

/// <summary>Drives a journal from one thread: appends, commits when much is pending, compacts when told.</summary>
internal sealed class JournalSteps : IDisposable
{
    private readonly SampleJournal journal;

    public JournalSteps(IEnumerable<(string Name, TagDataType Type)> tags)
    {
        foreach (var (name, type) in tags)
            Tags.Add(id =>
                new TagDefinition { Id = id, Name = name, Type = type, Origin = new TagOrigin.Source("file", name) });
        journal = SampleJournal.Open(Folder, new JournalConfig(), Tags, TimeProvider.System, NullLogger.Instance);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("edgetwin-bench-").FullName;

    public TagTable Tags { get; } = new();

    public long Committed => journal.Writer.Tail.Committed;

    public void Append(ReadOnlySpan<Sample> samples)
    {
        if (!journal.TryAppend(samples)) throw new InvalidOperationException("the journal is full");
        var tail = journal.Writer.Tail;
        if (tail.Appended - tail.Committed > SampleTail.DefaultCapacity / 2) journal.Writer.Step();
    }

    public void Commit() => journal.Writer.Step();

    /// <summary>Brings everything into segments and drops the blocks, as upkeep does in time.</summary>
    public async Task CompactAsync()
    {
        Commit();
        await AllAsync(journal.Compactor.CompactAsync);
        await AllAsync(journal.Compactor.MergeAsync);
        await AllAsync(journal.Compactor.DeleteDeliveredAsync);
    }

    /// <summary>Bytes of the database that are in use.</summary>
    public long UsedBytes()
    {
        using var session = SqliteSession.OpenReadOnly(Path.Combine(Folder, "journal.db"));
        return (session.Number("PRAGMA page_count") - session.Number("PRAGMA freelist_count")) * session.Number(
            "PRAGMA page_size");
    }

    public void Dispose()
    {
        journal.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    // Repeats a step of upkeep while it finds something to do, playing the writer's thread for it.
    private async Task AllAsync(Func<CancellationToken, Task<bool>> step)
    {
        var found = true;
        while (found)
        {
            var upkeep = step(CancellationToken.None);
            while (!upkeep.IsCompleted)
            {
                journal.Writer.Step();
                await Task.Yield();
            }

            found = await upkeep;
        }
    }
}
