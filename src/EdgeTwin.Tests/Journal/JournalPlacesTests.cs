using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Journal;

/// <summary>From the time at which samples were received to their places, while they wait in blocks and when they are
/// compacted.</summary>
public sealed class JournalPlacesTests : IDisposable
{
    private readonly ManualTimeProvider time = new(JournalRig.Start);
    private readonly JournalRig rig;

    public JournalPlacesTests() => rig = new JournalRig { Time = time };

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_time_is_the_place_of_the_first_sample_received_then_or_later(int stage)
    {
        // Epoch 1 from 1 s on, epoch 2 from 60 s on, ten samples of three tags every second.
        await LiveAsync(1, compact: stage > 0);
        time.Advance(TimeSpan.FromSeconds(60));
        await LiveAsync(61, compact: stage > 0);
        time.Advance(TimeSpan.FromSeconds(60));
        using (var journal = rig.Open())
            if (stage == 2) Assert.True(await HistoryTests.RunAsync(journal, upkeep => upkeep.MergeAsync(default)));
        using var places = JournalPlaces.OpenReadOnly(rig.Folder);
        Position At(double seconds) => places.At(JournalRig.Start.AddSeconds(seconds));
        Assert.Equal(new Position(1, 1), At(-1e6));
        Assert.Equal(new Position(1, 1), At(1));
        Assert.Equal(new Position(1, 11), At(1.5));
        Assert.Equal(new Position(1, 201), At(21));
        Assert.Equal(new Position(1, 301), At(31));
        Assert.Equal(new Position(2, 1), At(61));
        Assert.Equal(new Position(2, 11), At(62));
        Assert.Equal(new Position(2, 391), At(100));
        Assert.Equal(new Position(2, 401), At(1e6));
    }

    [Fact]
    public void Of_a_journal_without_samples_only_the_epochs_are_known()
    {
        rig.Open().Dispose();
        time.Advance(TimeSpan.FromSeconds(60));
        rig.Open().Dispose();
        using var places = JournalPlaces.OpenReadOnly(rig.Folder);
        Assert.Equal(new Position(1, 1), places.At(JournalRig.Start));
        Assert.Equal(new Position(2, 1), places.At(JournalRig.Start.AddSeconds(1)));
        Assert.Equal(new Position(2, 1), places.At(JournalRig.Start.AddSeconds(99)));
    }

    // The source times say nothing: what is late was received late.
    private async Task LiveAsync(int from, bool compact)
    {
        using var journal = rig.Open();
        for (var second = from; second < from + 40; second++)
        {
            var received = JournalRig.Start.AddSeconds(second);
            journal.TryAppend([.. Enumerable.Range(0, 10).Select(number => JournalRig.Sample(number % 3, second) with
            {
                SourceTime = received.AddHours(number % 2 == 0 ? -1 : 0),
                ReceiveTime = received,
            })]);
            journal.Writer.Step();
            if (!compact || second % 4 != 0) continue; // some are left in blocks
            await HistoryTests.RunAsync(journal, upkeep => upkeep.CompactAsync(default));
            await HistoryTests.RunAsync(journal, upkeep => upkeep.DeleteDeliveredAsync(default));
        }
    }
}
