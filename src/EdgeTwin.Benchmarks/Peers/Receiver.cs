using System.Text.Json;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>
/// The far side: mosquitto_sub with a durable session, so that nothing which the broker took is missed. It keeps what
/// every (epoch, sequence) carried and audits for gaps, duplicates and changed values.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Dictionary<(long Epoch, long Sequence), (string Tag, string Value)> received = [];
    private readonly Lock guard = new();
    private readonly int port;
    private readonly string topics;
    private ChildProcess? process;
    private TaskCompletionSource subscribed = new();

    public Receiver(int port, string topics)
    {
        this.port = port;
        this.topics = topics;
        Start();
    }

    /// <summary>Samples that came more than once.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Messages of which at least one sample had come before.</summary>
    public long DuplicateMessages { get; private set; }

    /// <summary>Samples that came again with another tag or value: never right.</summary>
    public long Changed { get; private set; }

    public long Unreadable { get; private set; }

    public int Samples
    {
        get
        {
            lock (guard) return received.Count;
        }
    }

    /// <summary>Everything received, by (epoch, sequence).</summary>
    public Dictionary<(long Epoch, long Sequence), (string Tag, string Value)> Snapshot()
    {
        lock (guard) return new(received);
    }

    /// <summary>Sequences missing between 1 and the last one received, over all epochs.</summary>
    public IReadOnlyList<(long Epoch, long First, long Last)> Gaps()
    {
        var gaps = new List<(long, long, long)>();
        foreach (var epoch in Snapshot().Keys.GroupBy(key => key.Epoch, key => key.Sequence).OrderBy(group =>
            group.Key))
        {
            var expected = 1L;
            foreach (var sequence in epoch.Order())
            {
                if (sequence > expected) gaps.Add((epoch.Key, expected, sequence - 1));
                expected = sequence + 1;
            }
        }

        return gaps;
    }

    /// <summary>Starts again after the broker went away; the durable session holds what came meanwhile.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        Start();
        await subscribed.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        await process.StopAsync();
        await process.DisposeAsync();
        process = null;
    }

    private void Start()
    {
        subscribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Line by line: what it tells of itself would otherwise wait in its buffer for the next message.
        process = ChildProcess.Start(
            "stdbuf",
            ["-oL", "mosquitto_sub", "-d", "-h", "127.0.0.1", "-p", $"{port}", "-i", "audit", "-c", "-q", "1",
                "-t", topics, "-F", "%t\t%p"],
            Take);
    }

    private void Take(string line)
    {
        // With -d it tells what it does, on lines of their own.
        if (line.EndsWith("received SUBACK", StringComparison.Ordinal)) subscribed.TrySetResult();
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        if (tab < 0 || line.Contains("/$gateway\t", StringComparison.Ordinal)) return;
        try
        {
            using var message = JsonDocument.Parse(line.AsMemory(tab + 1));
            lock (guard) Take(line[..tab], message.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Unreadable++;
        }
    }

    private void Take(string topic, JsonElement message)
    {
        var epoch = message.GetProperty("epoch").GetInt64();
        var sequence = message.GetProperty("seq").GetInt64();
        var before = Duplicates;
        if (message.TryGetProperty("values", out var values))
        {
            foreach (var value in values.EnumerateObject()) Take(epoch, sequence++, value.Name,
                value.Value.GetRawText());
        }
        else
        {
            Take(epoch, sequence, topic[(topic.LastIndexOf('/') + 1)..], message.GetProperty("value").GetRawText());
        }

        if (Duplicates > before) DuplicateMessages++;
    }

    private void Take(long epoch, long sequence, string tag, string value)
    {
        if (received.TryAdd((epoch, sequence), (tag, value))) return;
        Duplicates++;
        if (received[(epoch, sequence)] != (tag, value)) Changed++;
    }
}
