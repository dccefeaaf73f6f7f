using System.Globalization;
using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>Single values from text and back. Numbers have a decimal point and no group separators.</summary>
internal static class ConfigValueText
{
    /// <summary>Parses a text as the type of a key; null with what is expected instead in <paramref
    /// name="problem"/>.</summary>
    public static object? Parse(string text, Type type, out string problem)
    {
        problem = "";
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return ParseBool(text, out problem);
        if (type == typeof(double))
            return ParseNumber(text, out problem);
        if (type == typeof(TimeSpan))
            return DurationText.Parse(text, out var why)
                ?? Fail($"must be a duration, not '{text}'; {why}", out problem);
        if (type.IsEnum)
            return ParseEnum(text, type, out problem);
        if (type == typeof(Uri))
            return ParseUri(text, out problem);
        if (type == typeof(SecretReference))
            return ParseSecret(text, out problem);
        return ParseInteger(text, type, out problem);
    }

    /// <summary>The text that <see cref="Parse"/> turns back into exactly this value.</summary>
    public static string Format(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        TimeSpan duration => DurationText.Format(duration),
        Enum member => ConfigNames.EnumText(member.ToString()),
        ValueRange range => $"[{Format(range.Low)}, {Format(range.High)}]",
        Uri uri => uri.OriginalString,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>How a value of this type is written, for messages.</summary>
    public static string Kind(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type == typeof(TimeSpan) ? "a duration such as 100ms, 3s, 5m, 2h or 30d"
        : type.IsEnum ? $"one of {string.Join(", ", ConfigNames.EnumValues(type).Keys)}"
        : type == typeof(Uri) ? "an address such as mqtt://host:1883"
        : type == typeof(SecretReference) ? "a reference to a secret, env:NAME or file:PATH"
        : type == typeof(ValueRange) ? "a range [low, high]"
        : "a whole number";

    private static object? Fail(string message, out string problem)
    {
        problem = message;
        return null;
    }

    private static object? ParseBool(string text, out string problem)
    {
        problem = "";
        if (text is "true" or "false")
            return text == "true";
        var meant = text.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => "; write true",
            "false" or "no" or "off" or "0" => "; write false",
            _ => "",
        };
        return Fail($"must be true or false, not '{text}'{meant}", out problem);
    }

    private static object? ParseNumber(string text, out string problem)
    {
        problem = "";
        if (double.TryParse(
            text, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite),
                CultureInfo.InvariantCulture, out var number))
            return double.IsFinite(number) ? number : Fail($"must be a finite number, not '{text}'", out problem);
        return Fail($"must be a number, not '{text}'{NumberHint(text)}", out problem);
    }

    private static object? ParseInteger(string text, Type type, out string problem)
    {
        problem = "";
        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            var (low, high) = Limits(type);
            return number >= low && number <= high
                ? Convert.ChangeType(number, type, CultureInfo.InvariantCulture)
                : Fail($"is {text}; it must be from {low} to {high}", out problem);
        }

        return Fail($"must be a whole number, not '{text}'{NumberHint(text)}", out problem);
    }

    private static (decimal Low, decimal High) Limits(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        TypeCode.UInt64 => (ulong.MinValue, ulong.MaxValue),
        TypeCode.Decimal => (decimal.MinValue, decimal.MaxValue),
        _ => throw new ArgumentException(
            $"a configuration record has a key of type {type}, which nobody taught the loader", nameof(type)),
    };

    private static string NumberHint(string text)
    {
        if (text.Count(c => c == ',') == 1 && text.All(c => char.IsAsciiDigit(c) || c is ',' or '-'))
            return $"; write a decimal point: {text.Replace(',', '.')}";
        var number = text.TrimEnd();
        while (number.Length > 0 && !char.IsAsciiDigit(number[^1])) number = number[..^1];
        return number.Length > 0 && number.Length < text.Length
            && double.TryParse(number, CultureInfo.InvariantCulture, out _)
            ? $"; write the number alone: {number}" : "";
    }

    private static object? ParseEnum(string text, Type type, out string problem)
    {
        problem = "";
        var values = ConfigNames.EnumValues(type);
        if (values.TryGetValue(text, out var value))
            return value;
        return Fail($"cannot be '{text}'{NearestName.Hint(text, [.. values.Keys], "it is one of")}", out problem);
    }

    private static object? ParseUri(string text, out string problem)
    {
        problem = "";
        // "host:1883" is a valid URI with the scheme "host"; nobody means that.
        if (text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return uri.UserInfo.Length == 0 ? uri
                : Fail("must not contain a user or password; use the keys 'user' and 'password'", out problem);
        return Fail($"must be an address such as mqtt://host:1883, not '{text}'", out problem);
    }

    private static object? ParseSecret(string text, out string problem)
    {
        problem = "";
        if (text.StartsWith("env:", StringComparison.Ordinal) && text.Length > 4)
            return new SecretReference(SecretKind.Environment, text[4..]);
        if (text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5)
            return new SecretReference(SecretKind.File, text[5..]);
        // The text may be a secret, so it is not repeated here: messages end up in logs.
        return Fail(
            "must not be written here; refer to an environment variable with env:NAME or to a file with file:PATH",
            out problem);
    }
}
