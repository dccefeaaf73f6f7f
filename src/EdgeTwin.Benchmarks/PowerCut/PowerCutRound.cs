using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.PowerCut;

/// <summary>One cut: start the writer, kill it, open what the disk holds, and compare with what the writer was
/// told.</summary>
internal sealed record PowerCutRound
{
    /// <summary>Samples that the writer was told are committed.</summary>
    public required long Committed { get; init; }

    /// <summary>Of those, missing or changed after the cut.</summary>
    public required long Missing { get; init; }

    /// <summary>How long before the cut the oldest lost sample had been appended.</summary>
    public required TimeSpan OldestLost { get; init; }

    /// <summary>Whether kept state and cursor agree with the samples.</summary>
    public required bool StatesAgree { get; init; }

    /// <summary>Cuts the power of one writer after a while.</summary>
    /// <param name="shim">The preloaded library.</param>
    /// <param name="synchronous">FULL, or NORMAL for the control.</param>
    /// <param name="after">How long it may write.</param>
    public static async Task<PowerCutRound> RunAsync(string shim, string synchronous, TimeSpan after)
    {
        var live = Directory.CreateTempSubdirectory("edgetwin-live-").FullName;
        var disk = Directory.CreateTempSubdirectory("edgetwin-disk-").FullName;
        try
        {
            var said = await WriteAndCutAsync(shim, synchronous, live, disk, after);
            return await CompareAsync(said, disk);
        }
        finally
        {
            Directory.Delete(live, recursive: true);
            Directory.Delete(disk, recursive: true);
        }
    }

    private static async Task<Said> WriteAndCutAsync(string shim, string synchronous, string live, string disk,
        TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(PowerCutRound).Assembly.Location, JournalWriterProcess.Name,
            "--folder", live, "--synchronous", synchronous])
            start.ArgumentList.Add(argument);
        start.Environment["LD_PRELOAD"] = shim;
        start.Environment["POWERCUT_LIVE"] = live;
        start.Environment["POWERCUT_DISK"] = disk;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the writer did not start");
        var said = new Said();
        var reading = said.ReadAsync(process.StandardOutput);
        await said.FirstCommit.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Delay(after, TimeProvider.System);
        process.Kill();
        said.Cut = TimeProvider.System.GetUtcNow().UtcTicks;
        await process.WaitForExitAsync();
        await reading;
        return said;
    }

    private static async Task<PowerCutRound> CompareAsync(Said said, string disk)
    {
        using var journal = SampleJournal.Open(
            disk, new JournalConfig(), JournalWriterProcess.Table(), TimeProvider.System, NullLogger.Instance);
        var outbox = journal.OpenOutbox(JournalWriterProcess.Uplink);
        var into = new Sample[8192];
        var position = new Position(said.Epoch, 0);
        var found = 0L;
        var wrong = 0L;
        while (await outbox.ReadAsync(position, into, CancellationToken.None) is { Count: > 0 } read
            && read.First.Epoch == said.Epoch)
        {
            for (var i = 0; i < read.Count; i++)
            {
                if (into[i].Value.Bits == read.First.Sequence + i) found++;
                else wrong++;
            }

            position = read.First with { Sequence = read.First.Sequence + read.Count - 1 };
        }

        var kept = journal.Kept(JournalWriterProcess.KeptKey) is { Length: 8 } state
            ? BinaryPrimitives.ReadInt64LittleEndian(state) : 0;
        var lost = said.AppendedAt(position.Sequence + 1);
        return new PowerCutRound
        {
            Committed = said.Committed,
            Missing = Math.Max(0, said.Committed - found) + wrong,
            OldestLost = lost is { } ticks ? TimeSpan.FromTicks(said.Cut - ticks) : TimeSpan.Zero,
            StatesAgree = kept <= position.Sequence && outbox.Cursor <= position && outbox.Cursor.Epoch <= said.Epoch,
        };
    }

    private sealed class Said
    {
        private readonly List<(long Sequence, long Ticks)> appended = [];

        public TaskCompletionSource FirstCommit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Epoch { get; private set; }

        public long Committed { get; private set; }

        public long Cut { get; set; }

        public async Task ReadAsync(StreamReader output)
        {
            while (await output.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ');
                if (words is ["epoch", var epoch]) Epoch = long.Parse(epoch, CultureInfo.InvariantCulture);
                if (words is ["appended", var last, var ticks]
                    && long.TryParse(ticks, out var at)) appended.Add((long.Parse(last), at));
                if (words is not ["committed", var sequence]) continue;
                Committed = long.Parse(sequence);
                FirstCommit.TrySetResult();
            }

            FirstCommit.TrySetException(new InvalidOperationException("the writer ended before its first commit"));
        }

        public long? AppendedAt(long sequence)
        {
            foreach (var (last, ticks) in appended)
            {
                if (last >= sequence) return ticks;
            }

            return null;
        }
    }
}
