using System.Globalization;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Replay;

/// <summary>Reads the text of a recording as values and times.</summary>
internal static class RecordedValue
{
    /// <summary>
    /// A field as a value of the type: numbers with a decimal point, also <c>3.0</c> as an integer; <c>true</c>,
    /// <c>false</c>, <c>1</c>, <c>0</c> as a Boolean.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> field, TagDataType type, out TagValue value)
    {
        value = default;
        if (type == TagDataType.String)
        {
            value = TagValue.From(field.ToString());
            return true;
        }

        var text = field.Trim();
        if (type == TagDataType.Int64 && long.TryParse(text, out var signed))
            value = TagValue.From(signed); // beyond 2^53 a detour over double would round it
        else if (type == TagDataType.UInt64 && ulong.TryParse(text, out var unsigned))
            value = TagValue.From(unsigned);
        else if (type == TagDataType.Float32 && float.TryParse(text, NumberStyles.Float, null, out var single))
            value = TagValue.From(single); // over double it would be rounded twice
        else if (type == TagDataType.Bool && bool.TryParse(text, out var flag))
            value = TagValue.From(flag);
        else
            return TryParseNumber(text, type, out value);
        return true;
    }

    /// <summary>A date and time (UTC where it names no zone), or a number: seconds since 1970-01-01 UTC.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> field, out DateTime utc)
    {
        utc = default;
        var text = field.Trim();
        if (!double.TryParse(text, NumberStyles.Float, null, out var seconds))
        {
            return DateTime.TryParse(
                text, null, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);
        }

        if (seconds is not (> -6e10 and < 2.5e11)) return false; // the years 69 to 9892
        utc = DateTime.UnixEpoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>Empty, or written as "not a number": the recording has no value here.</summary>
    public static bool IsMissing(ReadOnlySpan<char> field)
    {
        var text = field.Trim();
        return text.IsEmpty || text.Equals("nan", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, TagDataType type, out TagValue value)
    {
        value = default;
        if (!double.TryParse(text, NumberStyles.Float, null, out var number)) return false;
        var whole = type is not (TagDataType.Float32 or TagDataType.Float64);
        if (whole && number != Math.Floor(number)) return false;
        if (type == TagDataType.Bool && number is not (0 or 1)) return false;
        return TagValue.TryFromDouble(type, number, out value);
    }
}
