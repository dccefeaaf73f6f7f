using System.Globalization;
using System.Text;

namespace EdgeTwin.OpcUa.Types;

/// <summary>Writes variants for people: logs, the command line.</summary>
internal static class VariantText
{
    private const int MostElements = 20;

    public static string Of(in Variant value) => value.Elements is { } elements
        ? OfArray(elements, value.Matrix?.Dimensions)
        : Of(value.ToObject());

    private static string Of(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, MostElements))),
        ExtensionObject { Body: { } body } => body is byte[] raw
            ? $"{raw.Length} bytes of an unknown structure" : body.GetType().Name,
        DataValue data => $"{data.Value} {data.Status}",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string OfArray(Array elements, int[]? dimensions)
    {
        var text = new StringBuilder();
        if (dimensions is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{string.Join('x', dimensions)} ");
        }

        text.Append('[');
        for (var i = 0; i < Math.Min(elements.Length, MostElements); i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(Of(elements.GetValue(i)));
        }

        return text.Append(elements.Length > MostElements ? ", …]" : "]").ToString();
    }
}
