using Microsoft.Extensions.Logging;

namespace EdgeTwin.Tests.OpcUa.Certificates;

/// <summary>Counts log lines by event id.</summary>
internal sealed class CountingLogger : ILogger
{
    private readonly Dictionary<int, int> counts = [];

    public int CountOf(int eventId)
    {
        lock (counts) return counts.GetValueOrDefault(eventId);
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (counts) counts[eventId.Id] = counts.GetValueOrDefault(eventId.Id) + 1;
    }
}
