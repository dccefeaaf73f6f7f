namespace EdgeTwin.Tags;

/// <summary>
/// Where the twin's loop puts what is to be kept: the journal, seen from the twin. One caller, the twin's loop.
/// </summary>
internal interface ISampleLog
{
    /// <summary>
    /// Takes all samples in order and gives each the next sequence, or takes none and returns false because the log is
    /// full; the caller then awaits <see cref="WaitForRoomAsync"/>. Never blocks, never allocates.
    /// </summary>
    bool TryAppend(ReadOnlySpan<Sample> samples);

    /// <summary>Completes when there is room again.</summary>
    ValueTask WaitForRoomAsync(int samples, CancellationToken cancellation);

    /// <summary>
    /// Keeps a small state under a key, made durable by the same commit as the samples appended before it; the last one
    /// under a key wins. Read back with <see cref="Kept"/> after a restart.
    /// </summary>
    void Keep(string key, ReadOnlySpan<byte> state);

    /// <summary>The durable state under the key, as it was when the log was opened; null when there is none.</summary>
    byte[]? Kept(string key);
}
