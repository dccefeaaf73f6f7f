using System.CommandLine;
using EdgeTwin.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin ledger</c>: what became of every sample on the way to each uplink.</summary>
internal static class LedgerCommand
{
    public static Command Build()
    {
        var config = ConfigOption.Create();
        var data = ConfigOption.CreateData();
        var uplink = CreateUplink();
        var places = new PlaceOptions();
        var command = new Command(
            "ledger",
            """
            Show what has reached the far side, what waits, and what was given up under which rule, by epoch and range
            of sequence. Reads the data folder, also while the gateway runs: then as of its last commit.

            Examples:
              edgetwin ledger --config edgetwin.yaml
              edgetwin ledger --data /var/lib/edgetwin --uplink site --from 12 --to 14
              edgetwin ledger --config edgetwin.yaml --from 2h
            """)
        { config, data, uplink, places.From, places.To };
        command.SetAction(parsed =>
        {
            var folder = ConfigOption.DataFolder(parsed, config, data);
            var ledgers = Read(folder, parsed.GetValue(uplink));
            var (first, last) = places.Read(parsed, folder);
            foreach (var ledger in ledgers)
            {
                if (!parsed.GetValue(CommandLine.Json)) Console.WriteLine(
                    $"uplink {ledger.Uplink}: everything up to {ledger.Cursor} is settled");
                foreach (var epoch in ledger.Epochs.Where(row => row.Epoch >= first.Epoch && row.Epoch <= last.Epoch))
                    Print(ledger.Uplink, epoch, first, last, parsed.GetValue(CommandLine.Json));
                if (ledger.Earlier != default && !parsed.GetValue(CommandLine.Json)) Console.WriteLine(
                    $"  epochs before: {ledger.Earlier.Delivered} delivered, {ledger.Earlier.Filtered} filtered");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    public static Option<string?> CreateUplink() =>
        new("--uplink", "-u") { Description = "Name of the uplink; all of them when absent.", HelpName = "name" };

    /// <summary>The ledgers of a data folder.</summary>
    /// <exception cref="CommandException">There is no such uplink.</exception>
    public static IReadOnlyList<UplinkLedger> Read(string folder, string? uplink)
    {
        using var reader = LedgerReader.OpenReadOnly(folder);
        var ledgers = reader.Read();
        if (uplink is null) return ledgers;
        var found = ledgers.Where(ledger => ledger.Uplink == uplink).ToList();
        if (found.Count > 0) return found;
        var known = ledgers.Select(ledger => ledger.Uplink).ToList();
        var hint = known.Count == 0 ? "; it knows none" : NearestName.Hint(uplink, known, "there are");
        throw new CommandException(ExitCodes.Wrong, $"the journal knows no uplink '{uplink}'{hint}");
    }

    private static void Print(string uplink, EpochLedger epoch, Position first, Position last, bool json)
    {
        var ranges = epoch.Ranges.Select(range => range with
        {
            First = epoch.Epoch == first.Epoch ? Math.Max(range.First, first.Sequence) : range.First,
            Last = epoch.Epoch == last.Epoch ? Math.Min(range.Last, last.Sequence) : range.Last,
        }).Where(range => range.First <= range.Last).ToList();
        if (ranges.Count == 0 && epoch.Last > 0) return;
        if (json)
        {
            Output.Line(new
            {
                uplink,
                epoch = epoch.Epoch,
                last = epoch.Last,
                delivered = epoch.Delivered,
                filtered = epoch.Filtered,
                pending = epoch.Pending,
                givenUp = epoch.GivenUp,
                unaccounted = epoch.Unaccounted,
                ranges,
            });
            return;
        }

        var unaccounted = epoch.Unaccounted == 0 ? "" : $", {epoch.Unaccounted} settled before the account began";
        Console.WriteLine($"  epoch {epoch.Epoch}: {epoch.Last} samples: {epoch.Delivered} delivered, "
            + $"{epoch.Filtered} filtered, {epoch.Pending} pending, {epoch.GivenUp} given up{unaccounted}");
        foreach (var range in ranges)
            Console.WriteLine($"    {range.First,12} … {range.Last,-12} {Spelling.Of(range.State)}"
                + (range.Rule is { } rule ? $" ({rule})" : ""));
    }
}
