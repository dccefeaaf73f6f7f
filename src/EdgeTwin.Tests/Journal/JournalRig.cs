using EdgeTwin.Journal;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Journal;

/// <summary>A journal in a folder of its own, with a few tags, and samples that tell by themselves which one they
/// are.</summary>
internal sealed class JournalRig : IDisposable
{
    public static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public string Folder { get; } = Directory.CreateTempSubdirectory("edgetwin-journal-").FullName;

    public string File => Path.Combine(Folder, "journal.db");

    public JournalConfig Config { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public TagTable Tags { get; private set; } = Table("flow", "pressure", "state");

    public static TagTable Table(params string[] names)
    {
        var table = new TagTable();
        foreach (var name in names)
        {
            table.Add(id => new TagDefinition
            {
                Id = id,
                Name = name,
                Type = TagDataType.Float64,
                Origin = new TagOrigin.Source("plc", name),
            });
        }

        return table;
    }

    public static Sample Sample(int tag, double value, long number = 0) => new(
        new TagId(tag), TagValue.From(value), StatusCode.Good, Start.AddMilliseconds(number),
        Start.AddMilliseconds(number), ClockState.Synchronised);

    /// <summary>Samples number from … from + count − 1 of tag 0, whose value is their number.</summary>
    public static Sample[] Numbered(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(number => Sample(0, number, number))];

    public SampleJournal Open(params string[] tags)
    {
        Tags = tags.Length == 0 ? Table("flow", "pressure", "state") : Table(tags);
        return SampleJournal.Open(Folder, Config, Tags, Time, NullLogger.Instance);
    }

    /// <summary>Reads everything after a position, to the end.</summary>
    public static async Task<List<(Position At, Sample Sample)>> DrainAsync(IOutbox outbox, Position after, int window =
        1000)
    {
        var all = new List<(Position, Sample)>();
        var into = new Sample[window];
        while (await outbox.ReadAsync(after, into, CancellationToken.None) is { Count: > 0 } read)
        {
            for (var i =
                0; i < read.Count; i++) all.Add((read.First with { Sequence = read.First.Sequence + i }, into[i]));
            after = read.First with { Sequence = read.First.Sequence + read.Count - 1 };
        }

        return all;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
