using System.CommandLine;
using EdgeTwin.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin history</c>: reads the journal, also while the gateway runs.</summary>
internal static class HistoryCommand
{
    public static Command Build()
    {
        var config = ConfigOption.Create();
        var data = ConfigOption.CreateData();
        var tag = new Option<string?>("--tag")
        {
            Description =
            "Tag to read; without it the tags that have history are listed.",
            HelpName = "name"
        };
        var from = new Option<string?>("--from")
        {
            Description =
            "Begin, UTC in ISO 8601, or a duration back from now such as 1h.",
            HelpName = "time"
        };
        var to = new Option<string?>("--to") { Description = "End, exclusive; now when absent.", HelpName = "time" };
        var every = new Option<string?>("--every")
        {
            Description = "Aggregate into buckets of this length, such as 1m.",
            HelpName = "duration"
        };
        var limit = new Option<int>("--limit") { Description = "Most rows.", DefaultValueFactory = _ => int.MaxValue };
        var command = new Command(
            "history",
            """
            Read recorded values as CSV, or with --json as one JSON object a line. Works while the gateway runs.

            Examples:
              edgetwin history --data ./data
              edgetwin history --data ./data --tag flow --from 1h
              edgetwin history --config edgetwin.yaml --tag flow --from 2026-11-22T08:00:00Z --every 1m
            """)
        { config, data, tag, from, to, every, limit };
        command.SetAction(parsed =>
        {
            using var journal = JournalReader.OpenReadOnly(ConfigOption.DataFolder(parsed, config, data));
            var json = parsed.GetValue(CommandLine.Json);
            if (parsed.GetValue(tag) is not { } name) return ListTags(journal, json);
            if (journal.Tags.All(known => known.Name != name))
                throw new CommandException(ExitCodes.Wrong, UnknownTag(journal, name));
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var begin = Moments.Parse("--from", parsed.GetValue(from), now) ?? DateTime.MinValue;
            var end = Moments.Parse("--to", parsed.GetValue(to), now) ?? DateTime.MaxValue;
            if (Durations.Parse("--every", parsed.GetValue(every)) is { } bucket)
                return Aggregates(journal, name, begin, end, bucket, json);
            return Raw(journal, name, begin, end, parsed.GetValue(limit), json);
        });
        return command;
    }

    private static int ListTags(JournalReader journal, bool json)
    {
        foreach (var tag in journal.Tags)
        {
            if (json) Output.Line(new { tag = tag.Name, type = tag.Type });
            else Console.WriteLine(tag.Name);
        }

        return ExitCodes.Ok;
    }

    private static int Raw(JournalReader journal, string tag, DateTime from, DateTime to, int limit, bool json)
    {
        if (!json) Console.WriteLine("time,value,quality,received,clock");
        foreach (var sample in journal.ReadRaw(tag, from, to, limit))
        {
            if (json)
            {
                Output.Line(new
                {
                    time = sample.SourceTime,
                    value = sample.Value.ToString(),
                    quality = sample.Status.ToString(),
                    status = sample.Status.Code,
                    received = sample.ReceiveTime,
                    clock = sample.Clock,
                });
            }
            else
            {
                Console.WriteLine(
                    $"{sample.SourceTime:O},{Quoted(sample.Value)},{sample.Status},{sample.ReceiveTime:O},"
                    + Spelling.Of(sample.Clock));
            }
        }

        return ExitCodes.Ok;
    }

    private static int Aggregates(JournalReader journal, string tag, DateTime from, DateTime to, TimeSpan bucket,
        bool json)
    {
        if (from == DateTime.MinValue && journal.ReadRaw(tag, from, to, 1) is [var first])
            from = new DateTime(first.SourceTime.Ticks - first.SourceTime.Ticks % bucket.Ticks, DateTimeKind.Utc);
        if (!json) Console.WriteLine("time,count,good,min,max,average,time-average,first,last,quality");
        foreach (var row in journal.ReadAggregates(tag, from, to, bucket))
        {
            if (json)
            {
                Output.Line(row with { });
            }
            else
            {
                Console.WriteLine(
                    $"{row.Start:O},{row.Count},{row.GoodCount},{row.Min:R},{row.Max:R},{row.Average:R},"
                    + $"{row.TimeAverage:R},"
                    + $"{row.First:R},{row.Last:R},{row.Status}");
            }
        }

        return ExitCodes.Ok;
    }

    private static string UnknownTag(JournalReader journal, string name)
    {
        var nearest = NearestName.Find(name, journal.Tags.Select(tag => tag.Name));
        return $"the journal has no tag '{name}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")}";
    }

    /// <summary>A value as a CSV field (RFC 4180); only strings can need quotes.</summary>
    private static string Quoted(TagValue value) =>
        value.Text is { } text && text.AsSpan().IndexOfAny(",\"\r\n") >= 0
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value.ToString();
}
