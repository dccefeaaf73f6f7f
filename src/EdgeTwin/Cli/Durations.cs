using EdgeTwin.Configuration;

namespace EdgeTwin.Cli;

/// <summary>Durations on the command line, written as in the configuration.</summary>
internal static class Durations
{
    /// <summary>Null when the option is absent.</summary>
    /// <exception cref="CommandException">It is no duration.</exception>
    public static TimeSpan? Parse(string option, string? text)
    {
        if (text is null) return null;
        return DurationText.Parse(text, out var problem)
            ?? throw new CommandException(ExitCodes.Usage, $"{option}: {problem}");
    }
}
