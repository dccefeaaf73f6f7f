using System.CommandLine;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin alarms ack|shelve|unshelve|suppress|unsuppress</c>: what an operator does with an alarm
/// (ISA-18.2).</summary>
internal static class AlarmsCommand
{
    public static Command Build() => new("alarms", "Acknowledge, shelve or suppress alarms of the running gateway.")
    {
        Verb("ack", "acknowledge", "Acknowledge an alarm.", "edgetwin alarms ack anomaly --by jane"),
        BuildShelve(),
        Verb("unshelve", "unshelve", "Take a shelved alarm back into service.", "edgetwin alarms unshelve anomaly"),
        Verb("suppress", "suppress", "Suppress an alarm by hand.",
        "edgetwin alarms suppress anomaly --comment \"pump in service\""),
        Verb("unsuppress", "unsuppress", "End the suppression.", "edgetwin alarms unsuppress anomaly"),
    };

    private static Command BuildShelve()
    {
        var shelveFor = new Option<string>("--for")
        {
            Description = "How long, such as 30m or 8h.",
            DefaultValueFactory = _ => "8h"
        };
        var command = Verb("shelve", "shelve", "Shelve an alarm for a while.",
            "edgetwin alarms shelve anomaly --for 2h", shelveFor);
        return command;
    }

    private static Command Verb(string name, string action, string description, string example,
        Option<string>? shelveFor = null)
    {
        var alarm = new Argument<string>("alarm") { Description = "Name of the alarm in the configuration." };
        var by = new Option<string>("--by")
        {
            Description = "Who does it.",
            DefaultValueFactory = _ =>
            Environment.UserName
        };
        var comment = new Option<string?>("--comment") { Description = "Why." };
        var config = ConfigOption.Create();
        var data = ConfigOption.CreateData();
        var command = new Command(name,
            $"{description}{Environment.NewLine}{Environment.NewLine}Example:{Environment.NewLine}  {example}")
        {
            alarm, by, comment, config, data,
        };
        if (shelveFor is not null) command.Options.Add(shelveFor);
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new
            {
                alarm = parsed.GetValue(alarm),
                action,
                by = parsed.GetValue(by),
                comment = parsed.GetValue(comment),
                shelveFor = shelveFor is null ? null : parsed.GetValue(shelveFor),
            };
            var folder = ConfigOption.DataFolder(parsed, config, data);
            var answer = await StatusCommand.AskAsync(folder, "alarm", request, cancellation);
            if (parsed.GetValue(CommandLine.Json)) Console.WriteLine(answer.GetRawText());
            else Console.WriteLine($"{request.alarm}: {answer.GetProperty("state").GetString()}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
