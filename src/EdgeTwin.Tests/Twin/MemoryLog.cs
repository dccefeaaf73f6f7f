using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Twin;

/// <summary>A journal in memory that can be full.</summary>
internal sealed class MemoryLog : ISampleLog
{
    private readonly Lock gate = new();
    private readonly List<Sample> samples = [];
    private TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsFull { get; private set; }
    public int Waits { get; private set; }
    public List<string> Keys { get; } = [];
    public Dictionary<string, byte[]> Keeping { get; } = [];

    public Sample[] Samples
    {
        get
        {
            lock (gate) return [.. samples];
        }
    }

    public void Fill() => IsFull = true;

    public void Drain()
    {
        IsFull = false;
        Interlocked.Exchange(ref room, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public bool TryAppend(ReadOnlySpan<Sample> more)
    {
        if (IsFull) return false;
        lock (gate) samples.AddRange(more);
        return true;
    }

    public async ValueTask WaitForRoomAsync(int count, CancellationToken cancellation)
    {
        Waits++;
        var waiting = room.Task;
        if (IsFull) await waiting.WaitAsync(cancellation);
    }

    public void Keep(string key, ReadOnlySpan<byte> state)
    {
        Keys.Add(key);
        Keeping[key] = state.ToArray();
    }

    public byte[]? Kept(string key) => Keeping.GetValueOrDefault(key);
}
