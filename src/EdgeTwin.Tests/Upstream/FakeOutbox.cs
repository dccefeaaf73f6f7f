using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Upstream;

/// <summary>What survives a crash of <see cref="FakeOutbox"/>: committed samples and the cursor of the last
/// commit.</summary>
internal sealed class FakeDisk
{
    public SortedDictionary<long, List<Sample>> Epochs { get; } = [];

    public Position Cursor { get; set; }

    public (Position First, Position Last)[] Ahead { get; set; } = [];
}

/// <summary>A journal in memory: appended samples are readable at once and durable with <see cref="Commit"/>.</summary>
internal sealed class FakeOutbox : IOutbox
{
    private const int Block = 64;
    private readonly Lock gate = new();
    private readonly FakeDisk disk;
    private readonly List<Sample> memory = [];
    private readonly long epoch;
    private long committed;
    private Position cursor;
    private (Position First, Position Last)[] ahead;
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeOutbox(FakeDisk disk)
    {
        this.disk = disk;
        epoch = disk.Epochs.Count == 0 ? 1 : disk.Epochs.Keys.Max() + 1;
        disk.Epochs[epoch] = [];
        cursor = disk.Cursor;
        ahead = disk.Ahead;
    }

    public Position Head
    {
        get
        {
            lock (gate) return new Position(epoch, memory.Count);
        }
    }

    public Position Committed
    {
        get
        {
            lock (gate) return new Position(epoch, committed);
        }
    }

    public Position Cursor
    {
        get
        {
            lock (gate) return cursor;
        }
    }

    public IReadOnlyList<(Position First, Position Last)> Ahead
    {
        get
        {
            lock (gate) return ahead;
        }
    }

    public int Reads { get; private set; }

    public void Append(int count, DateTime now, int tags = 10)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            for (var i = 0; i < count; i++)
            {
                memory.Add(new Sample(new TagId(memory.Count % tags), TagValue.From((long)memory.Count),
                    StatusCode.Good, now, now,
                    ClockState.Synchronised));
            }
            waiting = more;
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waiting.TrySetResult();
    }

    /// <summary>One sample with a value of its own; <see cref="Append(int,DateTime,int)"/> tells of it.</summary>
    public void Put(TagValue value, DateTime now, int tag = 0)
    {
        lock (gate) memory.Add(new Sample(new TagId(tag), value, StatusCode.Good, now, now, ClockState.Synchronised));
    }

    /// <summary>The disk takes nothing.</summary>
    public bool IsFull { get; set; }

    /// <summary>Makes samples and the cursor durable.</summary>
    public void Commit()
    {
        lock (gate)
        {
            if (IsFull) return;
            disk.Epochs[epoch].AddRange(memory.Skip((int)committed));
            committed = memory.Count;
            SaveCursor();
        }
    }

    /// <summary>Times that the pump had its cursor saved between two commits.</summary>
    public int Saves { get; private set; }

    public ValueTask<bool> TrySaveAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (IsFull) return new ValueTask<bool>(false);
            Saves++;
            SaveCursor();
            return new ValueTask<bool>(true);
        }
    }

    private void SaveCursor()
    {
        var limit = new Position(epoch, committed);
        disk.Cursor = cursor < limit ? cursor : limit;
        disk.Ahead = [.. ahead.Where(range => range.First <= limit).Select(range =>
            (range.First, range.Last < limit ? range.Last : limit))];
    }

    /// <summary>Retention removes the beginning of the running epoch's history.</summary>
    public Position? Removed { get; set; }

    public ValueTask<(Position First, int Count)> ReadAsync(Position after, Memory<Sample> into,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            Reads++;
            if (Removed is { } removed && after < removed) after = removed;
            foreach (var (number, stored) in disk.Epochs)
            {
                if (number < after.Epoch) continue;
                var samples = number == epoch ? memory : stored;
                var skip = number == after.Epoch ? (int)after.Sequence : 0;
                if (samples.Count <= skip) continue;
                var count = Math.Min(into.Length, samples.Count - skip);
                samples.GetRange(skip, count).CopyTo(into.Span);
                return new((new Position(number, skip + 1), count));
            }
            return new((new Position(epoch, memory.Count + 1), 0));
        }
    }

    public Position Skip(Position after, Func<TagId, bool> isWanted)
    {
        lock (gate)
        {
            if (after < Removed || !disk.Epochs.TryGetValue(after.Epoch, out var samples)) return after;
            var at = (int)after.Sequence;
            var end = Math.Min(samples.Count, (at / Block + 1) * Block);
            while (at < end && !isWanted(samples[at].Tag)) at++;
            return after with { Sequence = at };
        }
    }

    public ValueTask WaitForMoreAsync(Position after, CancellationToken cancellation)
    {
        lock (gate)
        {
            return new Position(epoch, memory.Count) > after && memory.Count > 0
                ? default
                : new ValueTask(more.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>What the pump told beside its cursor.</summary>
    public DeliveryAccount Account { get; } = new();

    public string RuleOf(Hole hole) => "size";

    public void Delivered(Position cursor, IReadOnlyList<(Position First, Position Last)> ahead,
        DeliveryProgress? progress = null)
    {
        lock (gate)
        {
            if (progress != null) Account.Apply(progress);
            Assert.True(cursor >= this.cursor, "the cursor went back");
            this.cursor = cursor;
            this.ahead = [.. ahead];
        }
    }
}
