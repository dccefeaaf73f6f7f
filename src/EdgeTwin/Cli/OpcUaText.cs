using System.Globalization;
using System.Text;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary>Values as people read them: numbers with round-trip digits, arrays in brackets and cut short.</summary>
internal static class OpcUaText
{
    private const int MostElements = 16;

    public static string Of(in Variant value)
    {
        if (value.Elements is { } elements) return Of(elements);
        return value.ToObject() is { } scalar ? Of(scalar) : "null";
    }

    private static string Of(Array elements)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < Math.Min(elements.Length, MostElements); i++)
        {
            if (i > 0) text.Append(", ");
            text.Append(elements.GetValue(i) is { } element ? Of(element) : "null");
        }

        if (elements.Length > MostElements) text.Append(CultureInfo.InvariantCulture, $", … {elements.Length} in all");
        return text.Append(']').ToString();
    }

    private static string Of(object value) => value switch
    {
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        ExtensionObject { Body: { } body } =>
            body is byte[] raw ? $"structure of {raw.Length} bytes" : body.GetType().Name,
        Variant inner => Of(inner),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
