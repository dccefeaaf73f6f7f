using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeTwin.Tags;

/// <summary>
/// Reads units as people write them: <c>L/min</c>, <c>m3/h</c>, <c>m/s²</c>, <c>kWh</c>, <c>µS/cm</c>, <c>J/(kg·K)</c>.
/// <code>
/// unit   = factor { ("·" | "*" | "." | "/") factor }          everything after "/" divides, up to the next "·"
/// factor = name [exponent] | "(" unit ")"                       exponent: 2, ², ^2, -1, ⁻¹
/// name   = [SI prefix] symbol of the table
/// </code>
/// <c>g</c> alone is the standard acceleration of free fall (9.80665 m/s²), because that is what vibration sensors are
/// scaled in; inside a compound (<c>g/L</c>) and after a prefix (<c>mg</c>, <c>kg</c>) it is the gram, which alone is
/// written <c>gram</c>. In a compound °C and °F are differences of temperature.
/// </summary>
internal static class EngineeringUnits
{
    private const int MaxLength = 32;
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static readonly Dictionary<string,
        UnitEntry> BySymbol = UnitTable.Entries.ToDictionary(entry => entry.Symbol);

    /// <summary>Finds the unit of a symbol; the result keeps the symbol as it was written.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EngineeringUnit? unit)
    {
        unit = null;
        if (text.Length is 0 or > MaxLength)
            return false;
        // Two code points each look like a micro sign and like an ohm sign; one of each is used from here on.
        var symbol = text.Replace('\u03BC', '\u00B5').Replace('\u2126', '\u03A9');
        if (!TryWhole(symbol, out var factor) && !TryCompound(symbol, depth: 0, out factor))
            return false;
        unit = new EngineeringUnit(
            text, factor.Dimension, factor.Factor, factor.Offset, UnitTable.Codes.GetValueOrDefault(factor.Symbol));
        return true;
    }

    /// <summary>The known unit that was most likely meant; null when none is near.</summary>
    public static string? Nearest(string text) => NearestName.Find(text, KnownSymbols());

    /// <summary>Symbols for "did you mean" and for completion in editors.</summary>
    public static IEnumerable<string> KnownSymbols() =>
        UnitTable.Codes.Keys.Concat(UnitTable.Entries.Select(entry => entry.Symbol)).Concat(UnitTable.Aliases.Keys)
            .Concat(["L/min", "L/h", "L/s", "m3/h", "m3/s", "m3/min", "m/s2", "kg/m3", "mg/L", "kWh", "MWh",
                "kNm"]).Distinct();

    private static bool TryWhole(string symbol, out Part part)
    {
        if (symbol == "g")
            symbol = "gn";
        return TryName(symbol, out part);
    }

    private static bool TryName(string symbol, out Part part)
    {
        part = default;
        if (UnitTable.Aliases.TryGetValue(symbol, out var canonical))
        {
            if (!BySymbol.ContainsKey(canonical))
                return TryCompound(canonical, depth: 1, out part);
            symbol = canonical;
        }

        if (BySymbol.TryGetValue(symbol, out var entry))
        {
            part = new Part(entry.Symbol, entry.Dimension, entry.Factor, entry.Offset);
            return true;
        }

        if (symbol.Length < 2 || PrefixFactor(symbol[0]) is not { } prefix)
            return false;
        var rest = symbol[1..];
        if (!BySymbol.TryGetValue(UnitTable.Aliases.GetValueOrDefault(rest, rest), out entry)
            || !entry.Prefixes.Contains(Micro(symbol[0])))
            return false;
        part = new Part(Micro(symbol[0]) + entry.Symbol, entry.Dimension, entry.Factor * prefix);
        return true;
    }

    private static bool TryCompound(string text, int depth, out Part whole)
    {
        whole = default;
        var canonical = new StringBuilder();
        var dimension = default(Dimension);
        var factor = 1.0;
        var divide = false;
        var start = 0;
        var count = 0;
        while (start <= text.Length)
        {
            var end = EndOfFactor(text, start);
            if (end < 0 || !TryFactor(text[start..end], depth, out var part))
                return false;
            dimension = divide ? dimension / part.Dimension : dimension * part.Dimension;
            factor = divide ? factor / part.Factor : factor * part.Factor;
            canonical.Append(part.Symbol);
            count++;
            if (end == text.Length)
                break;
            divide = text[end] == '/';
            canonical.Append(divide ? '/' : '·');
            start = end + 1;
        }

        whole = new Part(canonical.ToString(), dimension, factor);
        // A single name with an exponent (m3) is fine; a single "g" in parentheses is nobody's unit.
        return count > 1 || text[0] != '(';
    }

    private static int EndOfFactor(string text, int start)
    {
        if (start < text.Length && text[start] == '(')
        {
            var close = text.IndexOf(')', start);
            return close < 0 ? -1 : close + 1;
        }

        var end = text.AsSpan(start).IndexOfAny('/', '·', '*') is var at and >= 0 ? start + at : text.Length;
        return text.AsSpan(start, end - start).IndexOf('.') is var dot and > 0 ? start + dot : end;
    }

    private static bool TryFactor(string text, int depth, out Part part)
    {
        part = default;
        if (text.Length == 0)
            return false;
        if (text[0] == '(')
        {
            if (depth > 0 || text[^1] != ')' || !TryCompound(text[1..^1], depth + 1, out part))
                return false;
            part = part with { Symbol = $"({part.Symbol})" };
            return true;
        }

        if (TryName(text, out part))
        {
            part = part with { Offset = 0 };
            return true;
        }

        var name = SplitExponent(text, out var exponent);
        if (exponent == 0 || name.Length == 0 || !TryName(name, out var root))
            return false;
        part = root.Power(exponent);
        return true;
    }

    private static string SplitExponent(string text, out int exponent)
    {
        exponent = 0;
        var digit = text[^1];
        var value = char.IsAsciiDigit(digit) ? digit - '0' : Superscripts.IndexOf(digit);
        if (value is <= 0 or > 4)
            return text;
        var end = text.Length - 1;
        if (end > 0 && text[end - 1] is '-' or '⁻')
        {
            value = -value;
            end--;
        }

        if (end > 0 && text[end - 1] == '^')
            end--;
        exponent = value;
        return text[..end];
    }

    private static char Micro(char prefix) => prefix == 'u' ? 'µ' : prefix;

    private static double? PrefixFactor(char prefix) => prefix switch
    {
        'n' => 1e-9,
        'µ' or 'u' => 1e-6,
        'm' => 1e-3,
        'c' => 1e-2,
        'd' => 1e-1,
        'h' => 1e2,
        'k' => 1e3,
        'M' => 1e6,
        'G' => 1e9,
        _ => null,
    };

    private readonly record struct Part(string Symbol, Dimension Dimension, double Factor, double Offset = 0)
    {
        public Part Power(int exponent)
        {
            var dimension = default(Dimension);
            for (var i = 0; i < Math.Abs(exponent); i++)
                dimension = exponent > 0 ? dimension * Dimension : dimension / Dimension;
            var sign = exponent < 0 ? "⁻" : "";
            var shown = exponent == 1 ? "" : sign + Superscripts[Math.Abs(exponent)];
            return new Part(Symbol + shown, dimension, Math.Pow(Factor, exponent));
        }
    }
}
