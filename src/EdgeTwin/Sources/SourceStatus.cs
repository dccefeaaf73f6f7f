namespace EdgeTwin.Sources;

/// <summary>How one source is doing at one moment.</summary>
/// <param name="Name">The source's name in the configuration.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">When it came into that state, UTC.</param>
/// <param name="Scans">Reads completed since the start; stays 0 for a source that is told of changes.</param>
/// <param name="SkippedScans">Scans that were left out because the one before, or a full inbox, took too long.</param>
/// <param name="Samples">Samples handed to the twin by the driver.</param>
/// <param name="Reconnects">Outages that ended.</param>
/// <param name="LastError">Why the connection was last lost; null when it never was.</param>
/// <param name="LastScanDuration">How long the last completed read took.</param>
internal sealed record SourceStatus(
    string Name, string Driver, SourceState State, DateTime Since, long Scans, long SkippedScans, long Samples,
    long Reconnects,
    string? LastError, TimeSpan LastScanDuration);
