namespace EdgeTwin.Hosting;

/// <summary>What came of reading the configuration again; the answer to <c>edgetwin reload</c>.</summary>
internal sealed record ReloadResult
{
    /// <summary>Why the old configuration stays; empty when the new one is in place.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Legal, but hardly meant.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Tags that there were not before, by name.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Tags that there are no longer, by name.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>From the last scan of the old configuration to the first of the new one.</summary>
    public TimeSpan Pause { get; init; }
}
