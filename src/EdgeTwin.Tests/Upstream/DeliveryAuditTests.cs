using EdgeTwin.Journal;
using EdgeTwin.Tests.Journal;
using EdgeTwin.Upstream.Audit;

namespace EdgeTwin.Tests.Upstream;

/// <summary>What <c>edgetwin verify</c> finds in a receiver's record, and what it must not complain of.</summary>
public sealed class DeliveryAuditTests : IDisposable
{
    private static readonly Position End = new(long.MaxValue, long.MaxValue);
    private readonly JournalRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_record_that_has_everything_is_sound_whatever_came_twice_and_in_which_order()
    {
        Journal(100, new Position(1, 60), filtered: 0);
        var result = Audit(Csv(Enumerable.Range(1, 60).Reverse().Concat([5, 6])));
        Assert.True(result.IsSound);
        Assert.Equal((62L, 2L, 62L), (result.Samples, result.Duplicates, result.Compared));
        Assert.Equal((60L, 60L, 0L, 40L), (result.Epochs[0].Received, result.Epochs[0].Delivered,
            result.Epochs[0].Missing, result.Epochs[0].Pending));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Journal(100, new Position(1, 60), filtered: 0);
        var result = Audit(Csv(Enumerable.Range(1, 60).Where(place => place is not (7 or 8 or 60))));
        Assert.False(result.IsSound);
        Assert.Equal([(7, 8), (60, 60)], result.Epochs[0].Gaps);
        Assert.Equal(3, result.Missing);
    }

    [Fact]
    public void What_a_filter_left_out_is_not_missing_but_what_it_let_pass_is()
    {
        Journal(100, new Position(1, 60), filtered: 20);
        Assert.True(Audit(Csv(Enumerable.Range(1, 60).Where(place => place % 3 != 0))).IsSound);
        var result = Audit(Csv(Enumerable.Range(1, 60).Where(place => place % 3 != 0 && place != 10)));
        Assert.Equal((1L, false), (result.Missing, result.IsSound));
    }

    [Fact]
    public void A_changed_value_is_found_in_blocks_and_in_compacted_history()
    {
        Journal(100, new Position(1, 60), filtered: 0);
        var record = Csv(Enumerable.Range(1, 60)).Replace("1,33,flow,33\n", "1,33,flow,34\n", StringComparison.Ordinal);
        var blocks = Audit(record);
        Assert.Equal((1L, false), (blocks.Changed, blocks.IsSound));
        Assert.Contains("1:33", Assert.Single(blocks.ChangedExamples), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compacted_history_knows_values_by_tag_and_time()
    {
        using (var journal = rig.Open())
        {
            var outbox = journal.OpenOutbox("site");
            journal.TryAppend(JournalRig.Numbered(1, 5000));
            journal.Writer.Step();
            Deliver(outbox, new Position(1, 5000), 5000, 0);
            journal.Writer.Step();
            await HistoryTests.RunAsync(journal, compactor => compactor.CompactAsync(default));
            await HistoryTests.RunAsync(journal, compactor => compactor.DeleteDeliveredAsync(default));
        }

        var lines = Enumerable.Range(1, 5000).Select(i =>
            $$"""acme/x/flow {"value":{{(i == 4000 ? 1 : i)}},"time":"{{Time(i)}}","epoch":1,"seq":{{i}}}""");
        var result = Audit(string.Join('\n', lines));
        Assert.Equal((5000L, 1L, 0L), (result.Compared, result.Changed, result.Missing));

        static string Time(int i) => JournalRig.Start.AddMilliseconds(i).ToString("O");
    }

    [Fact]
    public void Every_form_of_message_is_understood()
    {
        Journal(100, new Position(1, 9), filtered: 0);
        var result = Audit("""
            acme/x/$gateway online
            acme/x/flow {"value":1,"time":"2026-03-01T12:00:00.0010000Z","epoch":1,"seq":1}
            {"epoch":1,"seq":2,"count":1,"time":"2026-03-01T12:00:00.0020000Z","values":{"flow":2}}
            acme/x/data [{"epoch":1,"seq":3,"values":{"flow":3.0}},{"epoch":1,"seq":4,"values":{"flow":4}}]
            {"epoch":1,"seq":5,"count":2,"seqs":[5,6],"values":{"flow":5,"other":7}}
            {"epoch":1,"seq":7,"new":{"flow":7},"values":{"flow":7,"other":0}}
            {"epoch":1,"seq":8}

            {"epoch":1,"seq":9,"tag":"flow","value":9}
            """);
        Assert.Equal((9L, 0L, 0L, 1L), (result.Samples, result.Missing, result.Unreadable, result.Changed));
        Assert.Contains("1:6: the journal has no other = 7", Assert.Single(result.ChangedExamples),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoch,seq\n1,x")]
    [InlineData("epoch,seq\n1")]
    [InlineData("{\"epoch\":1")]
    [InlineData("{\"epoch\":1,\"seq\":-4}")]
    [InlineData("{\"epoch\":1,\"seq\":1e99}")]
    [InlineData("{\"epoch\":1,\"seq\":1,\"seqs\":[],\"values\":{\"a\":1}}")]
    [InlineData("[1,2]")]
    [InlineData("what is this\nand this")]
    public void A_line_that_cannot_be_read_is_named_and_not_sound(string record)
    {
        Journal(10, new Position(1, 0), filtered: 0);
        var result = Audit(record);
        Assert.False(result.IsSound);
        Assert.StartsWith("line ", result.FirstProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_an_epoch_that_the_journal_does_not_know_are_strange()
    {
        Journal(10, new Position(1, 10), filtered: 0);
        var result = Audit(Csv(Enumerable.Range(1, 10)) + "77,1,flow,1\n");
        Assert.Equal((1L, false), (result.Strange, result.IsSound));
    }

    [Fact]
    public void Places_are_counted_and_gaps_found_over_the_ends_of_pages()
    {
        var places = new PlaceSet();
        for (var i = 1L; i <= 200_000; i++)
            if (i is not (65_535 or 65_536 or 131_072)) Assert.True(places.Add(i));
        Assert.False(places.Add(70_000));
        Assert.Equal((199_997L, 200_000L), (places.Count, places.Last));
        Assert.Equal([(65_535, 65_536), (131_072, 131_072), (200_001, 200_010)], places.GapsIn(1, 200_010));
        Assert.Equal(65_534 + 65_535, places.CountIn(1, 131_072));
        for (var i = 65_536L; i < 131_072; i++) places.Add(i);
        Assert.Equal([(65_535, 65_535)], places.GapsIn(10, 131_071));
        Assert.False(places.Add(100_000)); // its page is full
    }

    private static string Csv(IEnumerable<int> places) =>
        "epoch,seq,tag,value\n" + string.Concat(places.Select(i => $"1,{i},flow,{i}\n"));

    private static void Deliver(IOutbox outbox, Position cursor, long delivered, long filtered)
    {
        var progress = new DeliveryProgress();
        progress.Add(1, delivered, filtered);
        outbox.Delivered(cursor, [], progress);
    }

    private void Journal(int samples, Position cursor, int filtered)
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        journal.TryAppend(JournalRig.Numbered(1, samples));
        Deliver(outbox, cursor, cursor.Sequence - filtered, filtered);
        journal.Writer.Step();
    }

    private AuditResult Audit(string record)
    {
        using var reader = LedgerReader.OpenReadOnly(rig.Folder);
        using var lookup = JournalLookup.OpenReadOnly(rig.Folder);
        return new DeliveryAudit(reader.Read()[0], lookup, new Position(0, 1), End)
            .Run(new ReceiverRecord(new StringReader(record)));
    }
}
