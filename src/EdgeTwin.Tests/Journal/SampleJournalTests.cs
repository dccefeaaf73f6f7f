using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Journal;

public sealed class SampleJournalTests : IDisposable
{
    private readonly JournalRig rig = new();

    [Fact]
    public async Task What_was_appended_is_read_from_memory_before_it_is_committed()
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        Assert.True(journal.TryAppend(JournalRig.Numbered(1, 10)));
        Assert.Equal(new Position(1, 0), outbox.Committed);
        var read = await JournalRig.DrainAsync(outbox, outbox.Cursor);
        Assert.Equal(JournalRig.Numbered(1, 10), read.Select(row => row.Sample));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => new Position(1, i)), read.Select(row => row.At));
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart_and_what_was_not_is_gone()
    {
        using (var journal = rig.Open())
        {
            journal.OpenOutbox("site");
            journal.TryAppend(JournalRig.Numbered(1, 20_000));
            journal.Writer.Step();
            journal.TryAppend(JournalRig.Numbered(20_001, 5));
        }

        using var again = rig.Open();
        Assert.Equal(2, again.Epoch);
        var outbox = again.OpenOutbox("site");
        again.TryAppend(JournalRig.Numbered(30_000, 3));
        var read = await JournalRig.DrainAsync(outbox, outbox.Cursor);
        Assert.Equal(
            JournalRig.Numbered(1, 20_000).Concat(JournalRig.Numbered(30_000, 3)), read.Select(row => row.Sample));
        Assert.Equal(new Position(1, 20_000), read[19_999].At);
        Assert.Equal(new Position(2, 1), read[20_000].At);
    }

    [Fact]
    public async Task An_uplink_that_falls_behind_memory_reads_the_same_samples_from_disk()
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        const int Total = 200_000;
        for (var at = 1; at <= Total; at += 10_000)
        {
            Assert.True(journal.TryAppend(JournalRig.Numbered(at, 10_000)));
            journal.Writer.Step();
        }

        var read = await JournalRig.DrainAsync(outbox, outbox.Cursor, 777);
        Assert.Equal(Total, read.Count);
        for (var i = 0; i < Total; i++)
        {
            Assert.Equal(new Position(1, i + 1), read[i].At);
            Assert.Equal(i + 1, read[i].Sample.Value.AsDouble());
        }
    }

    /// <summary>Every 50,000th sample is of the tag that is looked for, so most blocks hold none of it.</summary>
    [Fact]
    public async Task A_search_for_a_tag_passes_blocks_without_it_and_never_the_tag_itself()
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        const int Total = 500_000;
        const int Every = 50_000;
        for (var at = 1; at <= Total; at += 10_000)
        {
            var samples = JournalRig.Numbered(at, 10_000);
            if ((at + 9_999) % Every == 0) samples[^1] = JournalRig.Sample(1, 1);
            Assert.True(journal.TryAppend(samples));
            journal.Writer.Step();
        }

        var into = new Sample[1];
        var (place, found, looks) = (outbox.Cursor, new List<long>(), 0);
        while (place < outbox.Committed)
        {
            looks++;
            var next = outbox.Skip(place, static tag => tag.Index == 1);
            if (next == place)
            {
                var (first, _) = await outbox.ReadAsync(place, into, CancellationToken.None);
                if (into[0].Tag.Index == 1) found.Add(first.Sequence);
                next = first;
            }

            place = next;
        }

        Assert.Equal(Enumerable.Range(1, Total / Every).Select(i => (long)i * Every), found);
        Assert.InRange(looks, 1, 1000);
    }

    [Fact]
    public void A_full_tail_takes_nothing_until_the_disk_took_something()
    {
        using var journal = rig.Open();
        Assert.True(journal.TryAppend(new Sample[SampleTail.DefaultCapacity - 1]));
        Assert.False(journal.TryAppend(JournalRig.Numbered(1, 2)));
        var waiting = journal.WaitForRoomAsync(2, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        journal.Writer.Step();
        Assert.True(SpinWait.SpinUntil(() => waiting.IsCompleted, TimeSpan.FromSeconds(10)));
        Assert.True(journal.TryAppend(JournalRig.Numbered(1, 2)));
    }

    [Fact]
    public async Task A_waiting_uplink_wakes_when_a_sample_comes_and_stays_asleep_otherwise()
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        var waiting = outbox.WaitForMoreAsync(outbox.Cursor, CancellationToken.None).AsTask();
        journal.Writer.Step();
        Assert.False(waiting.IsCompleted);
        journal.TryAppend(JournalRig.Numbered(1, 1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        using var cancel = new CancellationTokenSource();
        var second = outbox.WaitForMoreAsync(new Position(1, 1), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public void Appending_allocates_nothing()
    {
        using var journal = rig.Open();
        var samples = JournalRig.Numbered(1, 100);
        journal.TryAppend(samples);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++) journal.TryAppend(samples);
        }));
    }

    [Fact]
    public void Kept_states_are_durable_with_the_commit_after_them_and_the_last_one_wins()
    {
        using (var journal = rig.Open())
        {
            journal.Keep("alarm.anomaly", [1, 2, 3]);
            journal.Keep("alarm.anomaly", [4, 5]);
            journal.Keep("empty", []);
            journal.Writer.Step();
            journal.Keep("alarm.anomaly", [9]);
        }

        using var again = rig.Open();
        Assert.Equal(new byte[] { 4, 5 }, again.Kept("alarm.anomaly"));
        Assert.Equal(Array.Empty<byte>(), again.Kept("empty"));
        Assert.Null(again.Kept("never"));
    }

    [Fact]
    public void A_durable_cursor_is_never_ahead_of_what_is_committed()
    {
        using (var journal = rig.Open())
        {
            var outbox = journal.OpenOutbox("site");
            journal.TryAppend(JournalRig.Numbered(1, 10));
            journal.Writer.Step();
            journal.TryAppend(JournalRig.Numbered(11, 10));
            outbox.Delivered(new Position(1, 5),
                [(new Position(1, 8), new Position(1, 9)), (new Position(1, 12), new Position(1, 14))]);
            journal.Writer.Step();
            journal.TryAppend(JournalRig.Numbered(21, 10));
            outbox.Delivered(new Position(1, 25), []);
        }

        using (var journal = rig.Open())
        {
            var outbox = journal.OpenOutbox("site");
            Assert.Equal(new Position(1, 5), outbox.Cursor);
            Assert.Equal(
                [(new Position(1, 8), new Position(1, 9)), (new Position(1, 12), new Position(1, 14))], outbox.Ahead);
            outbox.Delivered(new Position(2, 40), [(new Position(2, 50), new Position(2, 60))]);
            journal.Writer.Step();
        }

        using var third = rig.Open();
        Assert.Equal(new Position(2, 0), third.OpenOutbox("site").Cursor);
    }

    [Fact]
    public async Task A_new_uplink_begins_with_the_oldest_block_that_is_kept()
    {
        using (var journal = rig.Open())
        {
            journal.OpenOutbox("site");
            journal.TryAppend(JournalRig.Numbered(1, 10));
            journal.Writer.Step();
        }

        using var again = rig.Open();
        var late = again.OpenOutbox("historian");
        Assert.Equal(new Position(1, 0), late.Cursor);
        Assert.Equal(10, (await JournalRig.DrainAsync(late, late.Cursor)).Count);
    }

    [Fact]
    public async Task A_tag_keeps_its_history_when_others_come_and_go()
    {
        using (var journal = rig.Open("flow", "pressure", "state"))
        {
            journal.OpenOutbox("site");
            journal.TryAppend([JournalRig.Sample(1, 42)]);
            journal.Writer.Step();
        }

        using var again = rig.Open("new", "flow");
        Assert.Equal(["new", "flow", "pressure", "state"], rig.Tags.All.Select(tag => tag.Name));
        Assert.IsType<TagOrigin.Retired>(rig.Tags.All[2].Origin);
        var read = await JournalRig.DrainAsync(again.OpenOutbox("site"), new Position(1, 0));
        Assert.Equal("pressure", rig.Tags[Assert.Single(read).Sample.Tag].Name);
    }

    [Fact]
    public void A_second_gateway_in_the_same_folder_is_refused()
    {
        using var first = rig.Open();
        var refusal = Assert.Throws<JournalException>(() => rig.Open());
        Assert.Contains("in use", refusal.Message);
    }

    [Fact]
    public void A_position_is_never_given_twice_even_when_the_database_is_gone()
    {
        using (rig.Open())
        {
        }

        File.Delete(rig.File);
        using var again = rig.Open();
        Assert.Equal(2, again.Epoch);
    }

    [Fact]
    public async Task A_soft_stop_commits_everything_that_was_appended()
    {
        using (var journal = rig.Open())
        {
            journal.OpenOutbox("site");
            using var stop = new CancellationTokenSource();
            var running = journal.RunAsync(stop.Token);
            journal.TryAppend(JournalRig.Numbered(1, 1234));
            await stop.CancelAsync();
            await running.WaitAsync(TimeSpan.FromSeconds(30));
        }

        using var again = rig.Open();
        Assert.Equal(1234, (await JournalRig.DrainAsync(again.OpenOutbox("site"), new Position(1, 0))).Count);
    }

    public void Dispose() => rig.Dispose();
}
