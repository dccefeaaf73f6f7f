using EdgeTwin.Journal;

namespace EdgeTwin.Tests.Journal;

/// <summary>What the journal remembers of each sample's way to an uplink, and over which ends of the gateway.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly JournalRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Ranges_tell_what_is_settled_and_what_waits()
    {
        Live(100, new Position(1, 60), [(new Position(1, 70), new Position(1, 80))], progress =>
            progress.Add(1, 60, 11));
        var ledger = Read();
        Assert.Equal(("site", new Position(1, 60)), (ledger.Uplink, ledger.Cursor));
        var epoch = Assert.Single(ledger.Epochs);
        Assert.Equal((100L, 60L, 11L, 29L, 0L, 0L),
            (epoch.Last, epoch.Delivered, epoch.Filtered, epoch.Pending, epoch.GivenUp, epoch.Unaccounted));
        Assert.Equal(
            [
                new LedgerRange(1, 60, LedgerState.Settled), new LedgerRange(61, 69, LedgerState.Pending),
                new LedgerRange(70, 80, LedgerState.Settled), new LedgerRange(81, 100, LedgerState.Pending),
            ],
            epoch.Ranges);
    }

    [Fact]
    public void The_account_goes_on_after_a_restart_and_counts_by_epoch()
    {
        Live(100, new Position(1, 60), [], progress => progress.Add(1, 60, 0));
        Live(50, new Position(2, 20), [], progress =>
        {
            progress.Add(1, 30, 10);
            progress.Add(2, 20, 0);
        });
        var ledger = Read();
        Assert.Equal([(1L, 90L, 10L, 0L), (2L, 20L, 0L, 30L)],
            ledger.Epochs.Select(epoch => (epoch.Epoch, epoch.Delivered, epoch.Filtered, epoch.Pending)));
    }

    [Fact]
    public void A_sample_that_the_far_side_refuses_is_given_up_under_that_rule()
    {
        Live(20, new Position(1, 20), [], progress =>
        {
            progress.Add(1, 19, 0);
            progress.Add(Hole.Refused(new Position(1, 7)));
        });
        var epoch = Read().Epochs[0];
        Assert.Equal((19L, 1L, 0L), (epoch.Delivered, epoch.GivenUp, epoch.Unaccounted));
        Assert.Contains(new LedgerRange(7, 7, LedgerState.GivenUp, "refused"), epoch.Ranges);
    }

    [Fact]
    public void A_hole_is_given_up_under_its_rule_also_at_the_end_of_an_epoch()
    {
        Live(100, new Position(1, 60), [], progress =>
        {
            progress.Add(1, 51, 0);
            progress.Add(new Hole(new Position(1, 10), new Position(1, 20)));
        });
        using (var journal = rig.Open())
        {
            var outbox = journal.OpenOutbox("site");
            journal.TryAppend(JournalRig.Numbered(1, 10));
            var key = JournalSchema.BlockKey(new Position(1, 1));
            var job = journal.Writer.DoAsync(store =>
            {
                LossTable.Add(store.Session, key + 10, key + 18, 9, "size", JournalRig.Start);
                LossTable.Add(store.Session, key + 60, key + 99, 40, "size", JournalRig.Start);
                LossTable.Add(store.Session, key + 95, 5, LossTable.Damaged, JournalRig.Start);
            }, CancellationToken.None);
            var progress = new DeliveryProgress();
            progress.Add(2, 10, 0);
            progress.Add(new Hole(new Position(1, 60), new Position(2, 1)));
            outbox.Delivered(new Position(2, 10), [], progress);
            journal.Writer.Step();
            Assert.True(job.IsCompletedSuccessfully);
        }

        var epoch = Read().Epochs[0];
        Assert.Equal((51L, 49L, 0L, 0L), (epoch.Delivered, epoch.GivenUp, epoch.Pending, epoch.Unaccounted));
        Assert.Equal(
            [
                new LedgerRange(1, 10, LedgerState.Settled), new LedgerRange(11, 19, LedgerState.GivenUp, "size"),
                new LedgerRange(20, 60, LedgerState.Settled),
                new LedgerRange(61, 100, LedgerState.GivenUp, "size, damaged"),
            ],
            epoch.Ranges);
    }

    /// <summary>What an earlier version settled without an account is not called missing.</summary>
    [Fact]
    public void A_cursor_without_an_account_is_read_and_says_so()
    {
        Live(100, new Position(1, 60), [], _ => { });
        Assert.Equal(60, Read().Epochs[0].Unaccounted);
    }

    private UplinkLedger Read()
    {
        using var reader = LedgerReader.OpenReadOnly(rig.Folder);
        return Assert.Single(reader.Read());
    }

    private void Live(int samples, Position cursor, (Position, Position)[] ahead, Action<DeliveryProgress> count)
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        journal.TryAppend(JournalRig.Numbered(1, samples));
        var progress = new DeliveryProgress();
        count(progress);
        outbox.Delivered(cursor, ahead, progress);
        journal.Writer.Step();
    }
}
