using EdgeTwin.Journal.Codec;

namespace EdgeTwin.Journal;

/// <summary>Small states of the twin by key: as they were when the journal was opened, and those to be committed
/// next.</summary>
internal sealed class KeptStates
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, byte[]> opened = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly ByteWriter writer = new(256);
    private int pending;

    public byte[]? Opened(string key) => opened.GetValueOrDefault(key);

    public void Load(string key, byte[] state) => opened[key] = state;

    public void Keep(string key, ReadOnlySpan<byte> state)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry)) entries[key] = entry = new Entry();
            if (entry.Buffer.Length < state.Length) entry.Buffer = new byte[Math.Max(64, state.Length * 2)];
            state.CopyTo(entry.Buffer);
            entry.Length = state.Length;
            if (!entry.Pending) pending++;
            entry.Pending = true;
        }
    }

    /// <summary>Takes the states that are to be saved, in their durable form.</summary>
    public IReadOnlyList<(string Key, byte[] Data)> Take()
    {
        lock (gate)
        {
            if (pending == 0) return [];
            var taken = new List<(string, byte[])>(pending);
            foreach (var (key, entry) in entries)
            {
                if (!entry.Pending) continue;
                taken.Add((key, Seal(entry.Buffer.AsSpan(0, entry.Length))));
                entry.Pending = false;
            }

            pending = 0;
            return taken;
        }
    }

    /// <summary>The commit failed: those that have not been replaced meanwhile are to be saved again.</summary>
    public void PutBack(IReadOnlyList<(string Key, byte[] Data)> taken)
    {
        lock (gate)
        {
            foreach (var (key, _) in taken)
            {
                var entry = entries[key];
                if (!entry.Pending) pending++;
                entry.Pending = true;
            }
        }
    }

    private byte[] Seal(ReadOnlySpan<byte> state)
    {
        writer.Clear();
        writer.Bytes(state);
        writer.Seal();
        return writer.ToArray();
    }

    private sealed class Entry
    {
        public byte[] Buffer { get; set; } = new byte[64];

        public int Length { get; set; }

        public bool Pending { get; set; }
    }
}
