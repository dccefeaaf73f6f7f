using System.CommandLine;
using System.Globalization;
using EdgeTwin.Journal;

namespace EdgeTwin.Cli;

/// <summary><c>--from</c> and <c>--to</c> of what is told by places of the journal: a place, or a time at which samples
/// were received.</summary>
internal sealed class PlaceOptions
{
    public Option<string?> From { get; } = new("--from")
    {
        Description = "Begin: an epoch such as 3, a place such as 3:1200, or the time of receipt, UTC in ISO 8601 or a "
            + "duration back from now such as 2h.",
        HelpName = "place|time",
    };

    public Option<string?> To { get; } = new("--to")
    {
        Description = "End: an epoch or a place, inclusive, or a time, exclusive.",
        HelpName = "place|time",
    };

    /// <summary>The first and the last place.</summary>
    /// <exception cref="CommandException">An option is neither a place nor a time.</exception>
    /// <exception cref="JournalException">A time cannot be looked up in the journal.</exception>
    public (Position First, Position Last) Read(ParseResult parsed, string folder)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return (First(parsed.GetValue(From), folder, now), Last(parsed.GetValue(To), folder, now));
    }

    private static Position First(string? text, string folder, DateTime now)
    {
        if (text is null) return new Position(0, 1);
        return Place(text) is var (epoch, sequence) ? new Position(epoch, sequence ?? 1)
            : At("--from", text, folder, now);
    }

    private static Position Last(string? text, string folder, DateTime now)
    {
        if (text is null) return new Position(long.MaxValue, long.MaxValue);
        if (Place(text) is var (epoch, sequence)) return new Position(epoch, sequence ?? long.MaxValue);
        var end = At("--to", text, folder, now);
        return end.Sequence > 1 ? end with { Sequence = end.Sequence - 1 } : new Position(end.Epoch - 1, long.MaxValue);
    }

    private static Position At(string option, string text, string folder, DateTime now)
    {
        if (Moments.Find(text, now, out _) is not { } moment)
            throw new CommandException(ExitCodes.Usage, $"{option}: '{text}' is neither a place nor a time; write an "
                + "epoch such as 3, 3:1200 for a sample, 2026-11-22T08:00:00Z, or 2h for two hours ago");
        using var places = JournalPlaces.OpenReadOnly(folder);
        return places.At(moment);
    }

    private static (long Epoch, long? Sequence)? Place(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (Number(colon < 0 ? text : text[..colon]) is not { } epoch) return null;
        if (colon < 0) return (epoch, null);
        return Number(text[(colon + 1)..]) is { } sequence ? (epoch, sequence) : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
