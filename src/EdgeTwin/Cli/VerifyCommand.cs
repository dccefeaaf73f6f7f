using System.CommandLine;
using EdgeTwin.Journal;
using EdgeTwin.Upstream.Audit;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin verify</c>: audits what a receiver has against what the gateway says it delivered.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var config = ConfigOption.Create();
        var data = ConfigOption.CreateData();
        var uplink = new Option<string>("--uplink", "-u")
        {
            Description = "Name of the uplink.",
            HelpName = "name",
            Required = true,
        };
        var against = new Option<string>("--against")
        {
            Description = "The receiver's record; - for standard input.",
            HelpName = "file",
            Required = true,
        };
        var places = new PlaceOptions();
        var command = new Command(
            "verify",
            """
            Audit a receiver's record: gaps, duplicates, changed values. The record is CSV with a header that has epoch
            and seq and may have tag, value and time, or the messages as they came, one a line, with or without topic.
            Exit code 0 when nothing that was delivered is missing or changed, 1 when something is.

            Examples:
              edgetwin verify --config edgetwin.yaml --uplink site --against received.csv
              mosquitto_sub -v -t 'acme/#' > received.txt; edgetwin verify --data ./data -u site --against received.txt
              edgetwin verify --config edgetwin.yaml -u site --against received.csv --from 1d --to 5m
            """)
        { config, data, uplink, against, places.From, places.To };
        command.SetAction(parsed =>
        {
            var folder = ConfigOption.DataFolder(parsed, config, data);
            var ledger = LedgerCommand.Read(folder, parsed.GetValue(uplink))[0];
            var (first, last) = places.Read(parsed, folder);
            using var file = Open(parsed.GetValue(against)!);
            using var journal = JournalLookup.OpenReadOnly(folder);
            var result = new DeliveryAudit(ledger, journal, first, last).Run(new ReceiverRecord(file));
            if (parsed.GetValue(CommandLine.Json)) Output.Line(result);
            else Print(result);
            return result.IsSound ? ExitCodes.Ok : ExitCodes.Wrong;
        });
        return command;
    }

    private static TextReader Open(string path)
    {
        if (path == "-") return Console.In;
        return File.Exists(path) ? new StreamReader(path)
            : throw new CommandException(ExitCodes.Wrong, $"there is no file '{path}'; --against names the record");
    }

    private static void Print(AuditResult result)
    {
        foreach (var epoch in result.Epochs)
        {
            Console.WriteLine($"epoch {epoch.Epoch}: {epoch.Received} received, {epoch.Delivered} delivered, "
                + $"{epoch.Missing} missing, {epoch.GivenUp} given up, {epoch.Pending} pending");
            foreach (var (first, last) in epoch.Gaps) Console.WriteLine($"  missing {first} … {last}");
            if (epoch is { Missing: > 0, Gaps.Count: 0 })
                Console.WriteLine("  which ones cannot be told, because the uplink's filter leaves places out");
        }

        foreach (var example in result.ChangedExamples) Console.WriteLine($"changed {example}");
        if (result.FirstProblem is { } problem)
            Console.WriteLine($"{result.Unreadable} lines are unreadable; {problem}");
        if (result.Strange > 0)
            Console.WriteLine($"{result.Strange} samples are of epochs that this journal does not know: is it the "
                + "record of another gateway?");
        Console.WriteLine($"{(result.IsSound ? "sound" : "NOT SOUND")}: {result.Samples} samples, {result.Missing} "
            + $"missing, {result.Duplicates} came again, {result.Changed} of {result.Compared} compared are changed");
    }
}
