using System.Globalization;

namespace EdgeTwin.Configuration;

/// <summary>Durations as people write them: a number and a unit, <c>100ms</c>, <c>1.5s</c>, <c>5m</c>, <c>2h</c>,
/// <c>30d</c>.</summary>
internal static class DurationText
{
    public const string Pattern = "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$";

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>Parses a duration of at most 100 years; null with the reason in <paramref name="problem"/>.</summary>
    public static TimeSpan? Parse(string text, out string problem)
    {
        problem = "";
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
        {
            problem = $"a number needs a unit: {text}ms or {text}s";
            return null;
        }

        foreach (var (unit, ticks) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            var number = text.AsSpan(0, text.Length - unit.Length);
            if (number.Length is 0 or > 24 || !char.IsAsciiDigit(number[^1])
                || !decimal.TryParse(
                    number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
                break;
            if (count * ticks <= 36_525m * TimeSpan.TicksPerDay)
                return TimeSpan.FromTicks((long)(count * ticks));
            problem = "that is more than 100 years";
            return null;
        }

        problem = text.StartsWith('-') ? "a duration is not negative" : "write 100ms, 3s, 5m, 2h or 30d";
        return null;
    }

    /// <summary>The shortest text that <see cref="Parse"/> turns back into exactly this duration.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        foreach (var (unit, ticks) in Units.Skip(1))
        {
            if (duration.Ticks % ticks == 0)
                return $"{duration.Ticks / ticks}{unit}";
        }

        return $"{(decimal)duration.Ticks / TimeSpan.TicksPerMillisecond}ms";
    }
}
