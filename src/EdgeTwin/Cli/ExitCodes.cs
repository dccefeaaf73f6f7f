namespace EdgeTwin.Cli;

/// <summary>Exit codes of every verb; documented in docs/operations.md.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>What was asked about is wrong: a broken configuration, a tag that does not exist.</summary>
    public const int Wrong = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Something failed while running: a folder that cannot be written, a gateway that does not
    /// answer.</summary>
    public const int Failed = 3;
}
