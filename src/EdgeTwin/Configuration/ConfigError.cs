namespace EdgeTwin.Configuration;

/// <summary>One finding in a configuration: where, and what, which, the value, the fix.</summary>
internal sealed record ConfigError(ConfigPosition Position, string Message)
{
    public override string ToString() => $"{Position}: {Message}";
}
