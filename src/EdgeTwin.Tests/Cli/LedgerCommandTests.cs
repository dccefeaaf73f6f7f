using EdgeTwin.Journal;
using EdgeTwin.Tests.Journal;

namespace EdgeTwin.Tests.Cli;

/// <summary><c>edgetwin ledger</c> and <c>edgetwin verify</c> by place and by time.</summary>
public sealed class LedgerCommandTests : IDisposable
{
    private readonly JournalRig rig = new();

    public LedgerCommandTests()
    {
        using var journal = rig.Open();
        var outbox = journal.OpenOutbox("site");
        journal.TryAppend(JournalRig.Numbered(1, 100)); // received one per millisecond
        var progress = new DeliveryProgress();
        progress.Add(1, 60, 0);
        outbox.Delivered(new Position(1, 60), [], progress);
        journal.Writer.Step();
    }

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("1:21", "1:70")]
    [InlineData("2026-03-01T12:00:00.021Z", "2026-03-01T12:00:00.071Z")]
    [InlineData("2026-03-01T12:00:00.0205Z", "1:70")]
    public async Task The_ledger_begins_and_ends_at_a_place_or_a_time(string from, string to)
    {
        var ledger = await EdgetwinProcess.RunAsync(
            "ledger", "--data", rig.Folder, "--from", from, "--to", to);
        Assert.Equal("", ledger.Errors);
        Assert.Equal(["21 … 60", "61 … 70"], ledger.Output.Split('\n').Where(line => line.Contains('…'))
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3])));
    }

    [Fact]
    public async Task Nothing_came_in_the_last_hour_and_a_word_is_neither_place_nor_time()
    {
        var ledger = await EdgetwinProcess.RunAsync("ledger", "--data", rig.Folder, "--from", "1h");
        Assert.Equal((0, "uplink site: everything up to 1:60 is settled\n"), (ledger.ExitCode, ledger.Output));
        var wrong = await EdgetwinProcess.RunAsync("ledger", "--data", rig.Folder, "--to", "noon");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--to: 'noon' is neither a place nor a time", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_ends_before_a_time()
    {
        var record = Path.Combine(rig.Folder, "received.csv");
        await File.WriteAllLinesAsync(record,
            ["epoch,seq", .. Enumerable.Range(1, 40).Select(sequence => $"1,{sequence}")]);
        string[] audit = ["verify", "--data", rig.Folder, "-u", "site", "--against", record];
        Assert.Equal(1, (await EdgetwinProcess.RunAsync(audit)).ExitCode);
        var part = await EdgetwinProcess.RunAsync([.. audit, "--to", "2026-03-01T12:00:00.041Z"]);
        Assert.Equal((0, ""), (part.ExitCode, part.Errors));
    }
}
