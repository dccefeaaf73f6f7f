using EdgeTwin.Journal;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Upstream;

public class DeliveryLedgerTests
{
    [Fact]
    public void Proofs_out_of_order_wait_beyond_the_cursor_and_join_it()
    {
        var ledger = new DeliveryLedger(At(0), []);
        ledger.ClaimLive(At(30));
        ledger.Settle(Piece(20, 30));
        ledger.Settle(Piece(10, 20));
        Assert.Equal(At(0), ledger.Cursor);
        Assert.Equal([(At(11), At(30))], ledger.Ahead);
        Assert.Equal(20, ledger.AheadSamples);
        ledger.Settle(Piece(0, 10));
        Assert.Equal(At(30), ledger.Cursor);
        Assert.Empty(ledger.Ahead);
    }

    [Fact]
    public void A_jump_opens_a_gap_and_history_closes_it()
    {
        var ledger = new DeliveryLedger(At(0), []);
        ledger.Jump(At(100));
        ledger.ClaimLive(At(120));
        Assert.True(ledger.HasGap);
        Assert.Equal((At(0), At(100), At(120), At(100)),
            (ledger.HistoryNext, ledger.HistoryLimit, ledger.LiveNext, ledger.LastGapEnd));
        ledger.ClaimHistory(At(60));
        Assert.True(ledger.HasGap);
        ledger.ClaimHistory(At(100));
        Assert.False(ledger.HasGap);
        Assert.Equal(At(120), ledger.LiveNext);
    }

    [Fact]
    public void A_loss_takes_back_what_is_not_proven()
    {
        var ledger = new DeliveryLedger(At(0), []);
        ledger.ClaimLive(At(10));
        ledger.Jump(At(100));
        ledger.ClaimLive(At(130));
        ledger.Settle(Piece(0, 10));
        ledger.Settle(Piece(100, 110));
        ledger.Rewind();
        Assert.Equal((At(10), At(100), At(110)), (ledger.HistoryNext, ledger.HistoryLimit, ledger.LiveNext));
        Assert.Equal([(At(101), At(110))], ledger.Ahead);
    }

    [Fact]
    public void A_restart_goes_on_where_the_durable_cursor_stands()
    {
        var ledger = new DeliveryLedger(At(10), [(At(5), At(12)), (At(13), At(20)), (At(50), At(60))]);
        Assert.Equal(At(20), ledger.Cursor);
        Assert.Equal((At(20), At(49), At(60)), (ledger.HistoryNext, ledger.HistoryLimit, ledger.LiveNext));
    }

    [Fact]
    public void Islands_in_a_gap_split_it_and_join_what_they_touch()
    {
        var ledger = new DeliveryLedger(At(0), []);
        ledger.Jump(At(100));
        ledger.ClaimLive(At(120));
        ledger.ClaimIsland(Piece(49, 50));
        ledger.ClaimIsland(Piece(50, 52));
        Assert.Equal((At(0), At(49)), ledger.GapBehind(At(0)));
        Assert.Equal((At(52), At(100)), ledger.GapBehind(At(49)));
        Assert.Equal((At(60), At(100)), ledger.GapBehind(At(60)));
        Assert.Null(ledger.GapBehind(At(100)));
        ledger.ClaimIsland(Piece(0, 1));
        Assert.Equal((At(1), At(49)), (ledger.HistoryNext, ledger.HistoryLimit));
        ledger.ClaimIsland(Piece(99, 100));
        ledger.ClaimIsland(Piece(52, 99));
        Assert.Equal((At(49), At(120)), (ledger.LastGapEnd, ledger.LiveNext));
        ledger.ClaimIsland(Piece(1, 49));
        Assert.False(ledger.HasGap);
    }

    [Fact]
    public void Islands_that_were_not_proven_are_a_gap_again()
    {
        var ledger = new DeliveryLedger(At(0), []);
        ledger.Jump(At(100));
        ledger.ClaimLive(At(120));
        ledger.ClaimIsland(Piece(49, 50));
        ledger.ClaimIsland(Piece(69, 70));
        ledger.Settle(Piece(49, 50));
        ledger.Settle(Piece(100, 120));
        ledger.Rewind();
        Assert.Equal([(At(50), At(50)), (At(101), At(120))], ledger.Ahead);
        Assert.Equal((At(50), At(100)), ledger.GapBehind(At(49)));
    }

    [Fact]
    public void An_epoch_that_ended_leaves_no_gap_behind()
    {
        var ledger = new DeliveryLedger(At(500), []);
        ledger.Jump(new Position(2, 0));
        Assert.True(ledger.HasGap);
        ledger.CloseEmptyGap();
        Assert.False(ledger.HasGap);
        Assert.Equal(new Position(2, 0), ledger.Cursor);
        Assert.Empty(ledger.Ahead);
    }

    private static Position At(long sequence) => new(1, sequence);

    private static Stretch Piece(long after, long last) => new(At(after), At(after + 1), At(last));
}
