using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>Keeps the last few log lines for a screen that shows them; older ones are dropped, since the screen has no
/// more room.</summary>
internal sealed class RecentLogs(int capacity, TimeProvider time) : ILoggerProvider
{
    private readonly Queue<string> lines = new();
    private readonly Lock guard = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (guard) return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Line(this);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string message)
    {
        var line = $"{time.GetUtcNow():HH:mm:ss} {(level >= LogLevel.Warning ? $"{level}: " : "")}{message}";
        lock (guard)
        {
            lines.Enqueue(line);
            if (lines.Count > capacity) lines.Dequeue();
        }
    }

    private sealed class Line(RecentLogs owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) owner.Add(logLevel, formatter(state, exception));
        }
    }
}
