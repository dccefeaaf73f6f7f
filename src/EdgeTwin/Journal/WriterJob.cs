using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>Work that the writer does between two commits on behalf of somebody who waits for it.</summary>
internal sealed class WriterJob(Action<JournalStore> work)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Fail(Exception exception) => Done.TrySetException(exception);

    public void Run(JournalStore store)
    {
        try
        {
            work(store);
            Done.SetResult();
        }
        catch (Exception exception) when (exception is SqliteException or JournalException or IOException)
        {
            Done.SetException(exception);
        }
    }
}
