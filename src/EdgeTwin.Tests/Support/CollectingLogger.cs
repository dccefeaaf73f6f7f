using Microsoft.Extensions.Logging;

namespace EdgeTwin.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectingLogger : ILogger
{
    private readonly Lock gate = new();
    private readonly List<(int Id, LogLevel Level, string Text, Exception? Failure)> lines = [];

    public IReadOnlyList<(int Id, LogLevel Level, string Text, Exception? Failure)> Lines
    {
        get
        {
            lock (gate) return [.. lines];
        }
    }

    public int Count(int id) => Lines.Count(line => line.Id == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (gate) lines.Add((eventId.Id, logLevel, formatter(state, exception), exception));
    }
}
