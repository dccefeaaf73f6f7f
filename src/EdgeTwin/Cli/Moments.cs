using System.Globalization;
using EdgeTwin.Configuration;

namespace EdgeTwin.Cli;

/// <summary>Points in time on the command line: UTC in ISO 8601, or a duration back from now.</summary>
internal static class Moments
{
    /// <summary>Null when the option is absent.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static DateTime? Parse(string option, string? text, DateTime now) =>
        text is null ? null : Find(text, now, out var problem)
            ?? throw new CommandException(ExitCodes.Usage, $"{option}: {problem}");

    /// <summary>Null, with the reason in <paramref name="problem"/>, when it is none.</summary>
    public static DateTime? Find(string text, DateTime now, out string problem)
    {
        problem = "";
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, Utc, out var moment)) return moment;
        if (DurationText.Parse(text, out var reason) is not { } back)
        {
            problem = $"'{text}' is no time: {reason}, or UTC as in 2026-11-22T08:00:00Z";
            return null;
        }

        if (back <= now - DateTime.MinValue) return now - back;
        problem = $"'{text}' is before all times";
        return null;
    }
}
