using Microsoft.Extensions.Logging;

namespace EdgeTwin.Tests.Hosting;

/// <summary>Keeps what was logged, in order.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly Lock gate = new();
    private readonly List<(int Id, LogLevel Level, string Text)> lines = [];

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (gate) return [.. lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (gate) lines.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
