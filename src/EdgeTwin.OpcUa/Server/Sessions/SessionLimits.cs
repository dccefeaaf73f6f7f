namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>How long sessions last without a word, and what each may hold.</summary>
public sealed record SessionLimits
{
    /// <summary>Most sessions at a time, 1 and up; default 200. Published as MaxSessions.</summary>
    public int MaxSessions { get; init; } = 200;

    /// <summary>Shortest session time-out given; default 10 s.</summary>
    public TimeSpan MinTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest session time-out given; default one hour.</summary>
    public TimeSpan MaxTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a session may stay without being activated; default 10 s.</summary>
    public TimeSpan ActivationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most requests of one session that go on asynchronously at a time (calls, writes to devices); default
    /// 100.</summary>
    public int MaxAsyncRequests { get; init; } = 100;
}
