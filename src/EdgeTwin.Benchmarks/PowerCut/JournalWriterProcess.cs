using System.Buffers.Binary;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.PowerCut;

/// <summary>
/// The process whose power is cut: writes numbered samples, a kept state and a cursor as fast as it can, and says on
/// its standard output what it appended and what it was told is committed. Ends by being killed.
/// </summary>
internal static class JournalWriterProcess
{
    public const string Name = "journal-writer";
    public const string KeptKey = "count";
    public const string Uplink = "site";
    public static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var time = TimeProvider.System;
        var folder = arguments.Option("folder")!;
        var config = new JournalConfig { Commit = Commit };
        using var journal = SampleJournal.Open(
            folder, config, Table(), time, NullLogger.Instance, arguments.Option("synchronous") ?? "FULL");
        var outbox = journal.OpenOutbox(Uplink);
        var running = journal.RunAsync(CancellationToken.None);
        var batch = new Sample[20];
        var state = new byte[8];
        var said = outbox.Committed;
        await Console.Out.WriteLineAsync($"epoch {journal.Epoch}");
        for (long sequence = 0; !running.IsCompleted;)
        {
            for (var i = 0; i < batch.Length; i++) batch[i] = Make(++sequence, time.GetUtcNow().UtcDateTime);
            if (!journal.TryAppend(batch)) await journal.WaitForRoomAsync(batch.Length, CancellationToken.None);
            BinaryPrimitives.WriteInt64LittleEndian(state, sequence);
            journal.Keep(KeptKey, state);
            await Console.Out.WriteLineAsync($"appended {sequence} {time.GetUtcNow().UtcTicks}");
            if (outbox.Committed != said)
            {
                said = outbox.Committed;
                outbox.Delivered(said with { Sequence = said.Sequence / 2 }, []);
                await Console.Out.WriteLineAsync($"committed {said.Sequence}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        }

        await running;
    }

    public static TagTable Table()
    {
        var table = new TagTable();
        table.Add(id => new TagDefinition
        {
            Id = id,
            Name = "flow",
            Type = TagDataType.Int64,
            Origin = new TagOrigin.Source("plc", "flow"),
        });
        return table;
    }

    public static Sample Make(long sequence, DateTime now) => new(
        new TagId(0), TagValue.From(sequence), StatusCode.Good, now, now, ClockState.Synchronised);
}
