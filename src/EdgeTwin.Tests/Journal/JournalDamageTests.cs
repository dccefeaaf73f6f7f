using EdgeTwin.Journal;
using EdgeTwin.Tags;
using Microsoft.Data.Sqlite;

namespace EdgeTwin.Tests.Journal;

/// <summary>Whatever happens to the file, the journal opens, says so, hands out only what was put in, and goes
/// on.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly JournalRig rig = new() { Config = new JournalConfig { Commit = TimeSpan.FromTicks(1) } };

    [Fact]
    public async Task A_damaged_block_is_set_aside_and_skipped_and_the_position_after_it_tells_the_gap()
    {
        Fill(blocks: 5, samplesPerBlock: 10);
        Sql("UPDATE block SET data = zeroblob(length(data)) WHERE id = (SELECT id FROM block ORDER BY id LIMIT 1 "
            + "OFFSET 2)");
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        using var stop = new CancellationTokenSource();
        var running = journal.RunAsync(stop.Token);
        var read = await JournalRig.DrainAsync(outbox, outbox.Cursor);
        Assert.Equal(Enumerable.Range(1, 20).Concat(Enumerable.Range(31, 20)),
            read.Select(row => (int)row.Sample.Value.AsDouble()));
        Assert.Equal(new Position(1, 31), read[20].At);
        await stop.CancelAsync();
        await running;
        Assert.Equal(1L, Number("SELECT count(*) FROM damaged"));
        Assert.Equal(4L, Number("SELECT count(*) FROM block"));
    }

    [Fact]
    public async Task A_damaged_last_block_does_not_keep_the_uplink_spinning()
    {
        Fill(blocks: 2, samplesPerBlock: 10);
        Sql("UPDATE block SET data = zeroblob(3) WHERE id = (SELECT max(id) FROM block)");
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        using var stop = new CancellationTokenSource();
        var running = journal.RunAsync(stop.Token);
        Assert.Equal(10, (await JournalRig.DrainAsync(outbox, outbox.Cursor)).Count);
        var waiting = outbox.WaitForMoreAsync(new Position(1, 10), CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        journal.TryAppend(JournalRig.Numbered(100, 1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(new Position(2, 1), Assert.Single(await JournalRig.DrainAsync(outbox, new Position(1, 10))).At);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Flipped_bytes_anywhere_never_stop_the_journal_nor_change_a_sample()
    {
        Fill(blocks: 40, samplesPerBlock: 100);
        var sound = await File.ReadAllBytesAsync(rig.File);
        var survivors = 0L;
        const int Rounds = 40;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])sound.Clone();
            for (var flips = random.Next(1, 20); flips > 0; flips--)
                bytes[seed % 4 == 0 ? random.Next(8192) : random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            await Restore(bytes);
            survivors += await OpenAndCheckAsync($"seed {seed}");
        }

        // Control: damage this small must cost little, or the test would pass with a journal that forgets everything.
        Assert.InRange(survivors, Rounds * 4000L / 2, (Rounds * 4000L) - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public async Task A_file_that_was_cut_off_opens(int length)
    {
        Fill(blocks: 40, samplesPerBlock: 100);
        var sound = await File.ReadAllBytesAsync(rig.File);
        await Restore(sound[..length]);
        await OpenAndCheckAsync($"length {length}");
    }

    [Fact]
    public async Task A_file_of_noise_is_kept_aside_and_a_fresh_one_begins()
    {
        var noise = new byte[50_000];
        new Random(5).NextBytes(noise);
        await File.WriteAllBytesAsync(rig.File, noise);
        await OpenAndCheckAsync("noise");
        Assert.Single(Directory.GetFiles(rig.Folder, "journal.db.corrupt-*Z"));
    }

    [Fact]
    public void A_database_of_somebody_else_is_refused_and_not_touched()
    {
        Sql("CREATE TABLE theirs (x)");
        var before = File.ReadAllBytes(rig.File);
        Assert.Throws<JournalException>(() => rig.Open());
        Assert.Equal(before, File.ReadAllBytes(rig.File));
    }

    [Fact]
    public async Task A_file_that_goes_bad_while_the_journal_runs_is_replaced_and_nothing_pending_is_lost()
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        journal.TryAppend(JournalRig.Numbered(1, 100));
        journal.Writer.Step();
        var noise = journal.Writer.DoAsync(
            store =>
            {
                store.Session.Script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = 0; PRAGMA shrink_memory;");
                using var file = new FileStream(rig.File, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                file.Position = 4096;
                file.Write(new byte[file.Length - 4096]);
            },
            CancellationToken.None);
        journal.TryAppend(JournalRig.Numbered(101, 50));
        journal.Writer.Step();
        await noise;
        Assert.NotNull(journal.Writer.Trouble);
        Assert.True(SpinWait.SpinUntil(() => Recovered(journal), TimeSpan.FromSeconds(10)));
        Assert.Equal(outbox.Head, outbox.Committed);
        var read = await JournalRig.DrainAsync(outbox, new Position(1, 100));
        Assert.Equal(JournalRig.Numbered(101, 50), read.Select(row => row.Sample));
    }

    [Theory]
    [InlineData("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 100000", "full")]
    [InlineData("PRAGMA query_only = 1", "PRAGMA query_only = 0", "readonly")]
    public async Task A_disk_that_is_full_or_read_only_costs_nothing_but_waiting(string fail, string mend,
        string reason)
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        journal.TryAppend(JournalRig.Numbered(1, 5000));
        await Do(journal, fail);
        Assert.Contains(reason, journal.Writer.Trouble);
        Assert.True(journal.TryAppend(JournalRig.Numbered(5001, SampleTail.DefaultCapacity - 5000)));
        journal.Keep("state", [7]);
        journal.Writer.Step();
        Assert.False(journal.TryAppend(JournalRig.Numbered(1, 1)));
        Assert.Equal(new Position(1, 0), outbox.Committed);

        await Do(journal, mend);
        Assert.True(SpinWait.SpinUntil(() => Recovered(journal), TimeSpan.FromSeconds(10)));
        Assert.Equal(outbox.Head, outbox.Committed);
        journal.Dispose();
        using var again = rig.Open();
        Assert.Equal(new byte[] { 7 }, again.Kept("state"));
        var read = await JournalRig.DrainAsync(again.OpenOutbox("site"), new Position(1, 0));
        Assert.Equal(JournalRig.Numbered(1, SampleTail.DefaultCapacity), read.Select(row => row.Sample));
    }

    public void Dispose() => rig.Dispose();

    private static bool Recovered(SampleJournal journal)
    {
        journal.Writer.Step();
        return journal.Writer.Trouble == null;
    }

    private static async Task Do(SampleJournal journal, string sql)
    {
        var done = journal.Writer.DoAsync(store => store.Session.Script(sql), CancellationToken.None);
        journal.Writer.Step();
        await done;
    }

    private void Fill(int blocks, int samplesPerBlock)
    {
        using var journal = rig.Open();
        journal.OpenOutbox("site");
        for (var block = 0; block < blocks; block++)
        {
            journal.TryAppend(JournalRig.Numbered((block * samplesPerBlock) + 1, samplesPerBlock));
            journal.Keep("state", [(byte)block]);
            journal.Writer.Step();
        }
    }

    private async Task<int> OpenAndCheckAsync(string what)
    {
        var survivors = 0;
        using (var journal = rig.Open())
        {
            Assert.True(journal.Epoch >= 1, what);
            var outbox = journal.OpenOutbox("site");
            using var stop = new CancellationTokenSource();
            var running = journal.RunAsync(stop.Token);
            journal.TryAppend([JournalRig.Sample(1, -1)]);
            var read = await JournalRig.DrainAsync(outbox, outbox.Cursor).WaitAsync(TimeSpan.FromSeconds(30));
            foreach (var (at, sample) in read.SkipLast(1))
            {
                if (rig.Tags[sample.Tag].Name.StartsWith("damaged-tag-", StringComparison.Ordinal)) continue;
                Assert.True(sample == JournalRig.Sample(0, at.Sequence, at.Sequence), $"{what}: {at} is {sample}");
                survivors++;
            }

            Assert.Equal(-1, read[^1].Sample.Value.AsDouble());
            await stop.CancelAsync();
            await running;
        }

        using var again = rig.Open();
        var kept = again.OpenOutbox("site");
        using var stopAgain = new CancellationTokenSource();
        var runningAgain = again.RunAsync(stopAgain.Token);
        var all = await JournalRig.DrainAsync(kept, kept.Cursor).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains(all, row => row.Sample.Value.AsDouble() == -1);
        await stopAgain.CancelAsync();
        await runningAgain;
        return survivors;
    }

    private async Task Restore(byte[] bytes)
    {
        foreach (var file in Directory.GetFiles(rig.Folder, "journal.db*")) File.Delete(file);
        await File.WriteAllBytesAsync(rig.File, bytes);
    }

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={rig.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={rig.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
